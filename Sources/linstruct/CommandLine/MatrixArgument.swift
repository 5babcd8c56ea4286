import Foundation
import LinearStructures

/// A matrix named on the command line: `FILE.npy`, `FILE.npz#MEMBER` or `FILE.safetensors#TENSOR`.
///
/// Rank 1 is a column. What is stored as F32, F16 or BF16 is computed in float32, everything else in float64.
enum MatrixArgument {
  case single(Matrix<Float>)
  case double(Matrix<Double>)

  init(_ text: String) throws {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (path, name) = (parts[0], parts.count == 2 ? parts[1] : nil)
    let url = URL(filePath: path)
    switch url.pathExtension {
    case "npy":
      guard name == nil else { throw CommandError.data("\(path): a .npy file holds one array, without a name") }
      self = try MatrixArgument(NumpyFile(url))
    case "npz":
      let archive = try NumpyArchive(url)
      guard let name = name ?? (archive.names.count == 1 ? archive.names[0] : nil) else {
        throw CommandError.data("\(path): name one of its arrays, \(path)#\(archive.names.first ?? "NAME")")
      }
      self = try MatrixArgument(archive.array(name))
    default:
      let checkpoint = try Checkpoint(url)
      guard let name = name ?? (checkpoint.tensors.count == 1 ? checkpoint.tensors[0].name : nil) else {
        throw CommandError.data("\(path): name one of its tensors, \(path)#\(checkpoint.tensors.first?.name ?? "NAME")")
      }
      let file = try checkpoint.file(holding: name)
      let type = try file.tensor(name).type
      self =
        type.resultType == .f32
        ? .single(try file.matrix(name)) : .double(try file.matrix(name))
    }
  }

  private init(_ file: NumpyFile) throws {
    self = file.type.resultType == .f32 ? .single(try file.matrix()) : .double(try file.matrix())
  }

  /// The matrix in float64, which holds both exactly.
  var inDouble: Matrix<Double> {
    switch self {
    case .single(let matrix): matrix.converted()
    case .double(let matrix): matrix
    }
  }

  var isSingle: Bool {
    if case .single = self { true } else { false }
  }

  /// The relative size below which a direction of the columns is rounding: max(m, n)·ε of the stored type.
  var rankTolerance: Double {
    switch self {
    case .single(let matrix): Double(max(matrix.rows, matrix.columns)) * Double(Float.ulpOfOne)
    case .double(let matrix): Double(max(matrix.rows, matrix.columns)) * Double.ulpOfOne
    }
  }

  /// The span of the columns, in float64.
  func basis() throws -> Basis<Double> { try Basis(spanning: inDouble, tolerance: rankTolerance) }
}

/// Wraps the errors of a computation with the argument they come from.
func naming<Result>(_ argument: String, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as LinearAlgebraError {
    throw CommandError.data("\(argument): \(error)")
  } catch let error as SteeringError {
    throw CommandError.data("\(argument): \(error)")
  }
}
