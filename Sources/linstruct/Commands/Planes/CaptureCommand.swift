import Foundation
import LinearStructures

struct CaptureCommand: Command {
  static let name = "capture"
  static let summary = "how much of a displacement lies in the span of a basis"
  static let usage = "--basis MATRIX --displacement VECTOR [--rows]"
  static let details = """
    The basis is d×k, its columns need not be orthonormal; the displacement has d entries, as a row or a column.
    energy is ‖Qᵀd‖²/‖d‖², cosine its square root; the chance of the energy is k/d, which is isotropic: a plane of the
    leading directions of activations or gradients captures much of anything. With --rows the basis is k×d.
    """

  struct Options: MatrixOptions {
    let basis = Option(required: "basis", "MATRIX", .text, "columns that span the plane, d×k")
    let displacement = Option(required: "displacement", "VECTOR", .text, "d entries")
    let rows = Option<Bool>.rows
    let integers = Option<Bool>.integers
  }

  private let basis: String
  private let displacement: String
  private let areRows: Bool

  init(_ arguments: Arguments<Options>) throws {
    basis = try arguments.basis
    displacement = try arguments.displacement
    areRows = try arguments.rows
  }

  func run(_ context: Context) throws -> Report {
    let plane = try naming(basis) { try MatrixArgument(basis, integers: context.integers).basis(ofRows: areRows) }
    let vector = try DirectionFile.vector(
      MatrixArgument(displacement, integers: context.integers).inDouble, displacement)
    let capture = try naming(displacement) { try plane.capture(of: vector) }
    return Report(
      members: [
        ("energy", .optional(capture.energy.value)),
        ("cosine", .optional(capture.cosine)),
        ("chance", .optional(capture.energy.chance)),
        ("rank", .integer(plane.rank)),
        ("chance_sd", .optional(capture.energy.chanceDeviation)),
        ("chance_kind", .text(capture.energy.null.rawValue)),
      ],
      text: """
        a plane of dimension \(plane.rank) in \(plane.dimension) dimensions
        captured energy: \(capture.energy)
        cosine: \(shown(capture.cosine))
        """,
      warnings: plane.warning(of: basis, areRows: areRows).map { [$0] } ?? [])
  }
}
