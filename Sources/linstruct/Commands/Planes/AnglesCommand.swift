import Foundation
import LinearStructures

struct AnglesCommand: Command {
  static let name = "angles"
  static let summary = "principal angles between the column spans of two matrices"
  static let usage = "MATRIX MATRIX [--rows]"
  static let details = """
    Angles in radians, ascending, exact also where they are tiny. The overlap Σcos²θ/min(k) is 1 for equal spans; its
    chance for random planes is max(k)/d, which is isotropic: activations and gradients need a matched null, such as a
    split half. Columns count whatever their length; dependent ones are dropped. With --rows the rows span the planes,
    as those of the vt that `svd` writes do.
    """

  struct Options: MatrixOptions {
    let left = Operand("MATRIX", at: 0)
    let right = Operand("MATRIX", at: 1)
    let rows = Option<Bool>.rows
    let integers = Option<Bool>.integers
  }

  private let left: String
  private let right: String
  private let areRows: Bool

  init(_ arguments: Arguments<Options>) throws {
    (left, right) = (try arguments.left, try arguments.right)
    areRows = try arguments.rows
  }

  func run(_ context: Context) throws -> Report {
    let a = try naming(left) { try MatrixArgument(left, integers: context.integers).basis(ofRows: areRows) }
    let b = try naming(right) { try MatrixArgument(right, integers: context.integers).basis(ofRows: areRows) }
    let found = try naming("\(left), \(right)") { try a.principalAngles(to: b) }
    let overlap = found.overlap
    let isDefined = !found.angles.isEmpty
    return Report(
      members: [
        ("angles", .numbers(found.angles)),
        ("overlap", .optional(overlap.value)),
        ("chance", .optional(overlap.chance)),
        ("geodesic", .optional(isDefined ? found.geodesicDistance : nil)),
        ("chordal", .optional(isDefined ? found.chordalDistance : nil)),
        ("ranks", .integers(found.ranks)),
        ("chance_sd", .optional(overlap.chanceDeviation)),
        ("chance_kind", .text(overlap.null.rawValue)),
      ],
      text: """
        spans of dimension \(found.ranks[0]) and \(found.ranks[1]) in \(found.dimension) dimensions
        angles (radians): \(isDefined ? found.angles.map { shown($0) }.joined(separator: ", ") : undefined)
        overlap: \(isDefined ? "\(overlap)" : undefined)
        distance: \(isDefined ? distances(found) : undefined)
        """,
      warnings: [(left, a), (right, b)].compactMap { name, plane in plane.warning(of: name, areRows: areRows) })
  }

  private var undefined: String { "undefined, a plane has dimension 0" }

  private func distances(_ found: PrincipalAngles) -> String {
    "geodesic \(shown(found.geodesicDistance)), chordal \(shown(found.chordalDistance))"
  }
}

extension Basis {
  /// Says that a plane is the whole space, which every direction lies in.
  func warning(of name: String, areRows: Bool) -> String? {
    guard rank == dimension, rank > 0 else { return nil }
    let (these, others, option) = areRows ? ("rows", "columns", "leave out --rows") : ("columns", "rows", "add --rows")
    return "\(name): its \(these) span all of the \(dimension) dimensions, so any direction lies in the plane; if its "
      + "\(others) are meant to span it, \(option)"
  }
}
