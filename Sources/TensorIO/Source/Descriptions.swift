extension MatrixListing: CustomStringConvertible {
  /// How many matrices there are, and a line for each of the first tensors that hold none:
  ///
  ///     58 matrices of 30 tensors, 1 tensor left out
  ///       norm: F32 of 1 dimensions
  public var description: String {
    func counted(_ count: Int, _ noun: String, _ plural: String) -> String { "\(count) \(count == 1 ? noun : plural)" }
    let matrices = tensors.reduce(0) { $0 + ($1.shape.count == 3 ? $1.shape[0] : 1) }
    let held = "\(counted(matrices, "matrix", "matrices")) of \(counted(tensors.count, "tensor", "tensors"))"
    guard !skipped.isEmpty else { return held }
    let lines = skipped.prefix(8).map { "  \($0)" }
    let rest = skipped.count > lines.count ? ["  … and \(skipped.count - lines.count) more"] : []
    return (["\(held), \(counted(skipped.count, "tensor", "tensors")) left out"] + lines + rest)
      .joined(separator: "\n")
  }
}

extension SkippedTensor: CustomStringConvertible {
  /// The name and the reason.
  public var description: String { "\(tensor.name): \(reason)" }
}

extension StoredMatrix: CustomStringConvertible {
  /// The name, type and shape of the matrix, `experts[3] F32 [64, 16]`.
  public var description: String {
    let place = try? MatrixPlacement(selection, of: tensor.shape, path: "", tensor: nil)
    let size = place.map { " [\($0.rows), \($0.columns)]" } ?? ", no matrix of the tensor \(tensor.shape)"
    return "\(name) \(tensor.type.rawValue)\(size)"
  }
}

extension TensorContent: CustomStringConvertible {
  /// What the entries are, with the reason where there is one.
  public var description: String {
    switch self {
    case .numbers: "numbers"
    case .integers: "integers"
    case .codes(let reason): "codes: \(reason)"
    case .companion(let reason): "numbers that belong to codes: \(reason)"
    case .unreadable(let reason): "numbers that cannot be read: \(reason)"
    }
  }
}

extension NamedTensor: CustomStringConvertible {
  /// The name, type and shape.
  public var description: String { "\(name) \(type.rawValue) \(shape)" }
}

extension TensorLayout: CustomStringConvertible {
  /// The name, type and shape.
  public var description: String { "\(name) \(type.rawValue) \(shape)" }
}

extension ExactName: CustomStringConvertible {
  /// The name.
  public var description: String { text }
}

extension SystemPath: CustomStringConvertible {
  /// The path as text that can be turned back.
  public var description: String { Self.text(of: bytes) }
}
