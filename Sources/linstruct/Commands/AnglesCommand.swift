import Foundation
import LinearStructures

struct AnglesCommand: Command {
  static let name = "angles"
  static let summary = "principal angles between the column spans of two matrices"
  static let usage = "MATRIX MATRIX"
  static let details = """
    Angles in radians, ascending, exact also where they are tiny. The overlap Σcos²θ/min(k) is 1 for equal spans;
    its chance for random planes is max(k)/d. Columns count whatever their length; dependent ones are dropped.
    """
  static let options: [Option] = [.integers]

  private let left: String
  private let right: String

  init(_ arguments: Arguments) throws {
    let operands = try arguments.operands("MATRIX", "MATRIX")
    (left, right) = (operands[0], operands[1])
  }

  func run(_ context: Context) throws -> Report {
    let a = try naming(left) { try MatrixArgument(left, integers: context.integers).basis() }
    let b = try naming(right) { try MatrixArgument(right, integers: context.integers).basis() }
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
      ],
      text: """
        spans of dimension \(found.ranks[0]) and \(found.ranks[1]) in \(found.dimension) dimensions
        angles (radians): \(found.angles.map { shown($0) }.joined(separator: ", "))
        overlap: \(overlap)
        distance: geodesic \(shown(found.geodesicDistance)), chordal \(shown(found.chordalDistance))
        """)
  }
}
