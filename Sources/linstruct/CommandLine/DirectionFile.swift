import Foundation
import LinearStructures

/// A direction on disk: `.npy` with the vector, or `.safetensors` with all that is known of it.
enum DirectionFile {
  /// Reads a direction; a file of tensors without `#TENSOR` that holds `direction` gives that with its `midpoint`.
  /// Whichever tensor is taken, the fingerprints of its file come with it.
  static func read(_ argument: String) throws -> Direction<Double> {
    let path = MatrixPath(argument)
    guard let checkpoint = try TensorFiles.open(path.url) as? Checkpoint else {
      return try naming(argument) { try Direction(vector(MatrixArgument(argument).inDouble, argument)) }
    }
    if path.name == nil, FileEnding.safetensors.ends(path.url.lastPathComponent) {
      do {
        return try Direction(contentsOf: path.url)
      } catch SteeringError.file(let error) {
        throw error
      } catch {
        throw CommandError.data("\(argument): \(error)")
      }
    }
    let name = try path.choose(among: checkpoint).name
    let rows = try fingerprints(of: try checkpoint.file(holding: name), argument)
    return try naming(argument) {
      try Direction(vector(MatrixArgument(argument).inDouble, argument), rowFingerprints: rows)
    }
  }

  private static func fingerprints(of file: SafetensorsFile, _ argument: String) throws -> RowFingerprints {
    do { return try RowFingerprints(of: file) } catch .malformed(_, _, let rule) {
      throw CommandError.data("\(argument): \(rule)")
    }
  }

  /// Writes a direction: as one array, which holds nothing but the vector, or as tensors.
  static func write(
    _ direction: Direction<some MatrixScalar>, into file: AtomicFile, isArray: Bool
  ) throws {
    if isArray { try NumpyFile.write(direction.vector, into: file) } else { try direction.write(into: file) }
  }

  /// A matrix of one row or one column as a vector.
  static func vector(_ matrix: Matrix<Double>, _ argument: String) throws -> Vector<Double> {
    guard matrix.rows == 1 || matrix.columns == 1 else {
      throw CommandError.data("\(argument): a \(matrix.shapeDescription) matrix where a vector is needed")
    }
    return matrix.flattened
  }
}
