import Foundation
import LinearStructures
import Tensor

/// A matrix named on the command line: `FILE.npy`, `FILE.npz#MEMBER`, `FILE.safetensors#TENSOR` or `FOLDER#TENSOR`, and
/// with `[e]` or `[:,l]` after the name a matrix of a tensor with three dimensions.
///
/// Rank 1 is a column, rank 4 is [out, rest]. What is stored as F32, F16 or BF16 is computed in float32, everything
/// else in float64. Packed codes are refused; other integers are too unless they are asked for.
struct MatrixArgument {
  /// The entries, in the type that they are computed in.
  enum Values {
    case single(Matrix<Float>)
    case double(Matrix<Double>)
  }

  let values: Values
  /// The type that the entries are stored in.
  let type: ElementType

  init(_ text: String, integers: IntegerReading = .refused) throws {
    let path = MatrixPath(text)
    let source = try TensorFiles.open(path.url)
    let (name, selection) = try path.choose(among: source)
    let tensor = try source.tensor(name)
    if let reason = tensor.refusal(integers) {
      throw TensorFileError.notNumbers(path: path.url.relativePath, tensor: name, reason: reason)
    }
    type = tensor.type
    values =
      tensor.type.resultType == .f32
      ? .single(try tensor.numbers(at: selection)) : .double(try tensor.numbers(at: selection))
  }

  /// The matrix in float64, which holds both exactly.
  var inDouble: Matrix<Double> {
    switch values {
    case .single(let matrix): matrix.converted()
    case .double(let matrix): matrix
    }
  }

  var isSingle: Bool {
    if case .single = values { true } else { false }
  }

  /// The span of the columns, or with `--rows` of the rows, in float64. What rounding to the stored type can move is no
  /// direction.
  func basis(ofRows: Bool) throws -> Basis<Double> {
    let matrix = inDouble
    let tolerance = rankTolerance(rows: matrix.rows, columns: matrix.columns, epsilon: type.epsilon)
    return try Basis(spanning: ofRows ? Matrix(matrix.transposed) : matrix, tolerance: tolerance)
  }
}

extension StoredTensor {
  /// Why a tensor that is asked for by name is not read as numbers; `nil` where it is, as scales beside codes are.
  func refusal(_ integers: IntegerReading) -> String? {
    if case .companion = content { return nil }
    return content.obstacle(type, integers).map { $0.words }
  }

  /// A matrix of the tensor.
  ///
  /// A header of a few bytes may claim any number of rows that have no columns. Up to a million they are believed;
  /// beyond it they are an error, since nothing should loop over what no byte of a file stands for.
  func numbers<Element: MatrixScalar>(at selection: MatrixSelection) throws -> Matrix<Element> {
    let matrix: Matrix<Element> = try matrix(at: selection)
    if matrix.count == 0, max(matrix.rows, matrix.columns) > 1_000_000 {
      throw CommandError.data("tensor \"\(name)\" of shape \(shape) holds no numbers")
    }
    return matrix
  }
}

extension MatrixObstacle {
  /// The reason in words, with the option that lifts it.
  var words: String {
    guard case .integers(let type) = self else { return description }
    return "\(type.rawValue) integers are taken as codes; --integers reads them as numbers [codes]"
  }
}

/// Wraps the errors of a computation with the argument they come from.
func naming<Result>(_ argument: String, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as LinearAlgebraError {
    throw CommandError.data("\(argument): \(error)")
  } catch let error as SteeringError {
    throw CommandError.data("\(argument): \(error)")
  }
}
