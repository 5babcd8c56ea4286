import Foundation
import LinearStructures

/// A direction on disk: `.npy` with the vector, or `.safetensors` with `direction`, `midpoint` and fingerprints of the
/// rows it was made from.
enum DirectionFile {
  private static let fingerprintKeys = (exact: "row_fingerprints", rounded: "rounded_row_fingerprints")

  /// Reads a direction; a file of tensors without `#TENSOR` that holds `direction` gives that with its `midpoint`.
  /// Whichever tensor is taken, the fingerprints of its file come with it.
  static func read(_ argument: String) throws -> Direction<Double> {
    let path = MatrixPath(argument)
    guard let checkpoint = try TensorFiles.open(path.url) as? Checkpoint else {
      return try naming(argument) { try Direction(vector(MatrixArgument(argument).inDouble, argument)) }
    }
    let isWhole = path.name == nil && FileEnding.safetensors.ends(path.url.lastPathComponent)
    let (name, _) = isWhole ? ("direction", .whole) : try path.choose(among: checkpoint)
    let file = try checkpoint.file(holding: name)
    let rows = try fingerprints(file.metadata, argument)
    let midpoint: Vector<Double>? = isWhole && file["midpoint"] != nil ? try file.vector("midpoint") : nil
    return try naming(argument) {
      let found =
        isWhole ? try file.vector("direction") : try vector(MatrixArgument(argument).inDouble, argument)
      return try Direction(found, midpoint: midpoint, rowFingerprints: rows)
    }
  }

  private static func fingerprints(_ metadata: [String: String], _ argument: String) throws -> RowFingerprints {
    func list(_ key: String) throws -> Set<UInt64> {
      guard let text = metadata[key] else { return [] }
      let words = text.split(separator: " ", omittingEmptySubsequences: false)
      // The parser takes a sign, which no fingerprint has.
      let numbers = words.map { word in
        word.utf8.count > 16 || word.hasPrefix("+") || word.hasPrefix("-") ? nil : UInt64(word, radix: 16)
      }
      guard let wrong = numbers.firstIndex(of: nil) else { return Set(numbers.compactMap(\.self)) }
      throw CommandError.data(
        "\(argument): the metadata \(key) is not a list of fingerprints (entry \(wrong + 1) is \"\(words[wrong].prefix(40))\", "
          + "not 1 to 16 hexadecimal digits), so it is not known which rows made the direction; write the file anew with "
          + "`linstruct direction`")
    }
    return RowFingerprints(exact: try list(fingerprintKeys.exact), rounded: try list(fingerprintKeys.rounded))
  }

  /// Writes a direction: as one array, which holds nothing but the vector, or as tensors.
  static func write(
    _ direction: Direction<Double>, verdict: String, into file: AtomicFile, isArray: Bool, asSingle: Bool
  ) throws {
    if asSingle {
      try write(direction, verdict, into: file, isArray, as: Float.self)
    } else {
      try write(direction, verdict, into: file, isArray, as: Double.self)
    }
  }

  private static func write<E: MatrixScalar>(
    _ direction: Direction<Double>, _ verdict: String, into file: AtomicFile, _ isArray: Bool, as type: E.Type
  ) throws {
    let vector = direction.vector.converted(to: E.self)
    guard !isArray else { return try NumpyFile.write(vector, into: file) }
    var tensors = [NamedTensor("direction", vector)]
    var metadata = ["verdict": verdict]
    if let midpoint = direction.midpoint { tensors.append(NamedTensor("midpoint", midpoint.converted(to: E.self))) }
    if let method = direction.method { metadata["method"] = method.rawValue }
    if let samples = direction.samples {
      metadata["samples"] = "\(samples.positive) positive, \(samples.negative) negative"
    }
    let rows = direction.rowFingerprints
    for (key, numbers) in [(fingerprintKeys.exact, rows.exact), (fingerprintKeys.rounded, rows.rounded)]
    where !numbers.isEmpty {
      // Sorted, so that the same rows give the same bytes.
      metadata[key] = numbers.sorted().map { String($0, radix: 16) }.joined(separator: " ")
    }
    try SafetensorsFile.write(tensors, metadata: metadata, into: file)
  }

  /// A matrix of one row or one column as a vector.
  static func vector(_ matrix: Matrix<Double>, _ argument: String) throws -> Vector<Double> {
    guard matrix.rows == 1 || matrix.columns == 1 else {
      throw CommandError.data("\(argument): a \(matrix.shapeDescription) matrix where a vector is needed")
    }
    return matrix.flattened
  }
}
