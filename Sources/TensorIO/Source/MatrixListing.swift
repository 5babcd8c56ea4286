import Foundation
public import Tensor

/// Whether whole numbers are read as numbers.
///
/// ```swift
/// let all = try TensorFiles.open("counts.npz").matrixListing(integers: .asNumbers)
/// ```
public enum IntegerReading: Sendable {
  /// They are taken as codes, and refused.
  case refused
  /// The caller says that they are numbers.
  case asNumbers
}

/// Every matrix of a source, tensors in natural order, and what is left out with the reason.
///
/// A tensor of two dimensions is a matrix, one of three is a list of matrices `name[e]`, and one of four, such as the
/// weights of a convolution, is [out, rest].
///
/// ```swift
/// let listing = try TensorFiles.open("model").matrixListing()
/// for matrix in listing { print(matrix.name, try matrix.read(as: Float.self).spectrum().stableRank ?? 0) }
/// for skipped in listing.skipped { print(skipped.tensor.name, skipped.reason) }
/// ```
public struct MatrixListing: Sequence, Sendable {
  /// The tensors that hold matrices.
  public let tensors: [StoredTensor]
  /// The tensors that hold none.
  public let skipped: [SkippedTensor]

  /// The matrices of all ``tensors``.
  public func makeIterator() -> AnyIterator<StoredMatrix> {
    AnyIterator(tensors.lazy.flatMap(\.matrices).makeIterator())
  }
}

/// A tensor without matrices, and why.
///
/// ```swift
/// let skipped = try TensorFiles.open("model").matrixListing().skipped
/// for tensor in skipped { print(tensor.tensor.name, tensor.reason) }
/// ```
public struct SkippedTensor: Sendable {
  /// The tensor.
  public let tensor: StoredTensor
  /// What keeps it from being read as matrices.
  public let reason: MatrixObstacle
}

/// Why a tensor is not read as matrices.
///
/// ```swift
/// for tensor in try Checkpoint("model") {
///   if let obstacle = tensor.obstacle() { print(tensor.name, obstacle) }
/// }
/// ```
public enum MatrixObstacle: Sendable, Equatable {
  /// It holds integers, which may be codes and were not asked for.
  case integers(ElementType)
  /// It holds codes or what belongs to them, or numbers that are not read, for this reason.
  case notNumbers(reason: String)
  /// It has another number of dimensions than two, three or four.
  case dimensions(ElementType, count: Int)
  /// One of its dimensions is 0.
  case noEntries
}

extension MatrixObstacle: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .integers(let type):
      "\(type.rawValue) integers are taken as codes unless they are asked for as numbers [codes]"
    case .notNumbers(let reason): reason
    case .dimensions(let type, let count): "\(type.rawValue) of \(count) dimensions"
    case .noEntries: "no entries"
    }
  }
}

extension StoredTensor {
  /// What keeps the tensor from being read as matrices, `nil` where nothing does.
  public func obstacle(integers: IntegerReading = .refused) -> MatrixObstacle? {
    if let obstacle = content.obstacle(type, integers) { return obstacle }
    guard (2...4).contains(shape.count) else { return .dimensions(type, count: shape.count) }
    // A header may claim any number of matrices or rows without an entry.
    return shape.contains(0) ? .noEntries : nil
  }
}

extension TensorContent {
  /// What keeps entries of a type from being numbers.
  package func obstacle(_ type: ElementType, _ integers: IntegerReading) -> MatrixObstacle? {
    switch self {
    case .numbers: nil
    case .integers: integers == .asNumbers ? nil : .integers(type)
    case .codes(let reason), .companion(let reason), .unreadable(let reason): .notNumbers(reason: reason)
    }
  }
}

extension TensorSource {
  /// Every matrix of the source, or of the tensors with these names.
  ///
  /// - Parameters:
  ///   - names: the tensors, in any order; all by default.
  ///   - integers: whether whole numbers are read as numbers.
  /// - Throws: ``TensorFileError`` for a tensor that is missing or that cannot be opened.
  /// - Complexity: reads headers, no numbers.
  public func matrixListing(
    of names: [String]? = nil, integers: IntegerReading = .refused
  ) throws(TensorFileError) -> MatrixListing {
    var (tensors, skipped): ([StoredTensor], [SkippedTensor]) = ([], [])
    for name in (names ?? self.names).sorted(by: naturallyPrecedes) {
      let tensor = try tensor(name)
      if let reason = tensor.obstacle(integers: integers) {
        skipped.append(SkippedTensor(tensor: tensor, reason: reason))
      } else {
        tensors.append(tensor)
      }
    }
    return MatrixListing(tensors: tensors, skipped: skipped)
  }

  /// The matrices of the source by their names, all read: ``matrixListing(of:integers:)`` as a dictionary.
  ///
  /// ```swift
  /// let weights: [String: Matrix<Float>] = try Checkpoint("model").matrices()
  /// ```
  ///
  /// - Throws: ``TensorFileError``; ``TensorFileError/malformed(path:tensor:rule:)`` where two names are the same text
  ///   in different bytes, which a dictionary cannot tell apart.
  /// - Complexity: one pass over the file; all matrices in memory.
  public func matrices<Scalar: MatrixScalar>(
    as type: Scalar.Type = Scalar.self
  ) throws(TensorFileError) -> [String: Matrix<Scalar>] {
    var result: [String: Matrix<Scalar>] = [:]
    for matrix in try matrixListing() {
      guard result.updateValue(try matrix.read(), forKey: matrix.name) == nil else {
        throw .malformed(
          path: url.relativePath, tensor: matrix.name,
          rule: "another name has the same text in other bytes; read the matrices one by one")
      }
    }
    return result
  }
}
