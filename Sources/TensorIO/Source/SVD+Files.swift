import Foundation
public import Tensor

extension SVD {
  /// Reads a decomposition that ``write(to:)`` wrote.
  ///
  /// - Throws: ``TensorFileError``; ``TensorFileError/malformed(path:tensor:rule:)`` where the parts are not those of a
  ///   decomposition, and for one of some leading triplets, which is a `TruncatedSVD`.
  public init(contentsOf location: some FileLocation) throws(TensorFileError) {
    let parts = try StoredTriplets<Element>(location)
    let (m, n, p) = (parts.u.rows, parts.vTransposed.columns, parts.values.count)
    let isComplete = p + (parts.omitted?.count ?? 0) == min(m, n)
    guard isComplete, parts.u.columns >= p, parts.u.columns <= m, parts.vTransposed.rows <= n else {
      throw parts.broken(
        "\(p) singular values, \(parts.u.columns) left and \(parts.vTransposed.rows) right vectors are not the "
          + "decomposition of a \(m)x\(n) matrix; read the leading triplets as a TruncatedSVD")
    }
    self.init(
      u: parts.u, singularValues: parts.values, vTransposed: parts.vTransposed, method: parts.method,
      omittedValues: parts.omitted)
  }

  /// Writes the decomposition, whole or not at all: a safetensors file with the tensors `u`, `singular_values` and `vt`
  /// in the type of the entries, `omitted_values` where `truncated(to:)` was called, and the method in its metadata.
  ///
  /// ```swift
  /// try w.svd().write(to: "w-svd.safetensors")
  /// let same = try SVD<Float>(contentsOf: "w-svd.safetensors")
  /// ```
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public func write(to location: some FileLocation) throws(TensorFileError) {
    try StoredTriplets<Element>.write(
      u, singularValues, vTransposed, omitted: omittedValues, metadata: [TripletKeys.method: method.rawValue],
      to: location)
  }
}

extension TruncatedSVD {
  /// Reads a decomposition that ``write(to:)`` wrote.
  ///
  /// - Throws: ``TensorFileError``; ``TensorFileError/malformed(path:tensor:rule:)`` where the parts are not those of k
  ///   leading triplets, or without their certificate.
  public init(contentsOf location: some FileLocation) throws(TensorFileError) {
    let parts = try StoredTriplets<Element>(location)
    let k = parts.values.count
    guard parts.u.columns == k, parts.vTransposed.rows == k, k <= min(parts.u.rows, parts.vTransposed.columns) else {
      throw parts.broken(
        "\(k) singular values, \(parts.u.columns) left and \(parts.vTransposed.rows) right vectors are not triplets")
    }
    guard let residual = parts.metadata[TripletKeys.residual].flatMap(Double.init),
      let passes = parts.metadata[TripletKeys.passes].flatMap(Int.init)
    else { throw parts.broken("its metadata do not hold the residual and the passes of the leading triplets") }
    self.init(
      u: parts.u, singularValues: parts.values, vTransposed: parts.vTransposed, method: parts.method,
      residual: residual, passes: passes)
  }

  /// Writes the triplets, whole or not at all: a safetensors file with the tensors `u`, `singular_values` and `vt` in
  /// the type of the entries, and method, residual and passes in its metadata.
  ///
  /// ```swift
  /// try w.svd(rank: 16).write(to: "w-top.safetensors")
  /// let same = try TruncatedSVD<Float>(contentsOf: "w-top.safetensors")
  /// ```
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``.
  public func write(to location: some FileLocation) throws(TensorFileError) {
    let metadata = [
      TripletKeys.method: method.rawValue, TripletKeys.residual: "\(residual)", TripletKeys.passes: "\(passes)",
    ]
    try StoredTriplets<Element>.write(u, singularValues, vTransposed, metadata: metadata, to: location)
  }
}

/// The names of the parts of a decomposition in a file.
private enum TripletKeys {
  static let u = "u"
  static let values = "singular_values"
  static let vTransposed = "vt"
  static let omitted = "omitted_values"
  static let method = "method"
  static let residual = "residual"
  static let passes = "passes"
}

/// The parts of a decomposition as a file holds them.
private struct StoredTriplets<Element: MatrixScalar> {
  let u: Matrix<Element>
  let values: Vector<Element>
  let vTransposed: Matrix<Element>
  let omitted: Vector<Element>?
  let method: UsedSVDMethod
  let metadata: [String: String]
  private let path: String

  init(_ location: some FileLocation) throws(TensorFileError) {
    let file = try SafetensorsFile(location)
    path = file.url.relativePath
    u = try file.matrix(TripletKeys.u)
    values = try file.vector(TripletKeys.values)
    vTransposed = try file.matrix(TripletKeys.vTransposed)
    omitted = file[TripletKeys.omitted] == nil ? nil : try file.vector(TripletKeys.omitted)
    metadata = file.metadata
    let name = metadata[TripletKeys.method] ?? ""
    guard let method = UsedSVDMethod(rawValue: name) else {
      throw .malformed(path: path, tensor: nil, rule: "\"\(name)\" in its metadata is no method of a decomposition")
    }
    self.method = method
    var last = Element.infinity
    for value in Array(values) + Array(omitted ?? []) {
      guard value >= 0, value <= last, value.isFinite else {
        throw .malformed(
          path: path, tensor: TripletKeys.values, rule: "singular values are finite, not negative, and descend")
      }
      last = value
    }
  }

  func broken(_ rule: String) -> TensorFileError { .malformed(path: path, tensor: nil, rule: rule) }

  static func write(
    _ u: Matrix<Element>, _ values: Vector<Element>, _ vTransposed: Matrix<Element>, omitted: Vector<Element>? = nil,
    metadata: [String: String], to location: some FileLocation
  ) throws(TensorFileError) {
    var tensors = [
      NamedTensor(TripletKeys.u, u), NamedTensor(TripletKeys.values, values),
      NamedTensor(TripletKeys.vTransposed, vTransposed),
    ]
    if let omitted { tensors.append(NamedTensor(TripletKeys.omitted, omitted)) }
    try SafetensorsFile.write(tensors, metadata: metadata, to: location)
  }
}
