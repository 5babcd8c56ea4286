import Foundation
public import Tensor

/// A tensor that is to be written.
///
/// ```swift
/// let layout = TensorLayout("direction", .bf16, shape: [4096])
/// ```
public struct TensorLayout: Sendable, Equatable {
  /// The name, not empty, without control characters.
  public let name: String
  /// The type to round to.
  public let type: ElementType
  /// The sizes of its dimensions, slowest first.
  public let shape: [Int]

  /// A tensor that is to be written.
  public init(_ name: String, _ type: ElementType, shape: [Int]) {
    self.name = name
    self.type = type
    self.shape = shape
  }
}

/// Writes a safetensors file piece by piece, whole or not at all.
///
/// Tensors follow each other in the order of the reference writer, wide types first and then by name, so that each is
/// aligned; ``tensors`` says the order, and their numbers must be appended in it. The same content gives the same
/// bytes: no dates, no paths.
///
/// ```swift
/// let writer = try SafetensorsWriter(to: "v.safetensors", tensors: [TensorLayout("v", .f16, shape: [2])])
/// try [0.6, 0.8].withUnsafeBufferPointer { try writer.append($0, to: "v") }
/// try writer.finish()
/// ```
public final class SafetensorsWriter {
  /// The tensors in the order in which their numbers are due.
  public let tensors: [TensorInfo]

  private let file: AtomicFile
  private let path: String
  private var current = 0
  private var written = 0

  /// Starts a file and writes its header.
  ///
  /// - Parameters:
  ///   - location: where the file is to appear at ``finish()``.
  ///   - layouts: the tensors, in any order.
  ///   - metadata: text for the header.
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``, also for names that a reader would refuse.
  public convenience init(
    to location: some FileLocation, tensors layouts: [TensorLayout], metadata: [String: String] = [:]
  ) throws(TensorFileError) {
    try self.init(into: AtomicFile(location), tensors: layouts, metadata: metadata)
  }

  /// Starts a file that was opened before, so that an output that cannot be written is known before the work.
  ///
  /// - Parameters:
  ///   - file: a new file, nothing written yet; it appears at ``finish()``.
  ///   - layouts: the tensors, in any order.
  ///   - metadata: text for the header.
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)``, also for names that a reader would refuse.
  public init(
    into file: AtomicFile, tensors layouts: [TensorLayout], metadata: [String: String] = [:]
  ) throws(TensorFileError) {
    path = file.path
    self.file = file
    func refused(_ reason: String) -> TensorFileError { .cannotWrite(path: file.path, reason: reason) }
    var names = Set<ExactName>()
    var offset = 0
    var infos: [TensorInfo] = []
    let sorted = layouts.sorted {
      ($1.type.order, ExactName($0.name)) < ($0.type.order, ExactName($1.name))
    }
    for layout in sorted {
      if let rule = brokenNameRule(layout.name) { throw refused(rule) }
      guard layout.name != "__metadata__", names.insert(ExactName(layout.name)).inserted else {
        throw refused("the tensor name \"\(layout.name)\" is taken")
      }
      guard let size = byteCount(of: layout.shape, layout.type) else {
        throw refused("tensor \"\(layout.name)\" of shape \(layout.shape) has no valid size")
      }
      let (end, overflow) = offset.addingReportingOverflow(size)
      guard !overflow else { throw refused("the tensors together have no valid size") }
      infos.append(TensorInfo(name: layout.name, type: layout.type, shape: layout.shape, byteRange: offset..<end))
      offset = end
    }
    let header = headerBytes(infos, metadata)
    guard header.count <= FormatLimit.headerBytes else { throw refused("the header exceeds the limit of the format") }
    tensors = infos
    let length = UInt64(header.count).littleEndian
    try file.write(withUnsafeBytes(of: length) { Array($0) } + header)
    skipEmpty()
  }

  /// Appends numbers of a tensor, rounded once to its type, ties to even.
  ///
  /// - Parameters:
  ///   - values: the next elements of the tensor, in row-major order.
  ///   - name: the tensor that is due.
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)`` for another tensor than is due, more elements than it
  ///   has, a type that cannot be written, and numbers that an integer type cannot hold exactly.
  public func append<Element: MatrixScalar>(
    _ values: UnsafeBufferPointer<Element>, to name: String
  ) throws(TensorFileError) {
    guard !values.isEmpty else { return }
    try NumberCoding.encode(values, as: try due(name).type, of: name, path: path) { (bytes) throws(TensorFileError) in
      try append(bytes: bytes, to: name)
    }
  }

  /// Appends bytes of a tensor as they are.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)`` for another tensor than is due or too many bytes.
  public func append(bytes: UnsafeRawBufferPointer, to name: String) throws(TensorFileError) {
    guard !bytes.isEmpty else { return }
    let info = try due(name)
    guard written + bytes.count <= info.byteRange.count else {
      throw .cannotWrite(path: path, reason: "more elements for \"\(name)\" than its shape \(info.shape) has")
    }
    try file.write(bytes)
    written += bytes.count
    if written == info.byteRange.count {
      current += 1
      written = 0
      skipEmpty()
    }
  }

  /// Makes the file appear under its name.
  ///
  /// - Throws: ``TensorFileError/cannotWrite(path:reason:)`` where a tensor is incomplete; no file appears then.
  public func finish() throws(TensorFileError) {
    guard current == tensors.count else {
      throw .cannotWrite(path: path, reason: "tensor \"\(tensors[current].name)\" is not complete")
    }
    try file.commit()
  }

  private func due(_ name: String) throws(TensorFileError) -> TensorInfo {
    guard current < tensors.count, ExactName(tensors[current].name) == ExactName(name) else {
      let next = current < tensors.count ? "\"\(tensors[current].name)\" is due" : "all are written"
      throw .cannotWrite(path: path, reason: "tensor \"\(name)\" out of order: \(next)")
    }
    return tensors[current]
  }

  private func skipEmpty() {
    while current < tensors.count, tensors[current].byteRange.isEmpty { current += 1 }
  }
}

/// The header as JSON, padded with spaces to a multiple of eight bytes.
private func headerBytes(_ tensors: [TensorInfo], _ metadata: [String: String]) -> [UInt8] {
  var members: [String] = []
  if !metadata.isEmpty {
    let entries = metadata.sorted { ExactName($0.key) < ExactName($1.key) }.map {
      "\(quoted($0.key)):\(quoted($0.value))"
    }
    members.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
  }
  for info in tensors {
    let shape = info.shape.map(String.init).joined(separator: ",")
    members.append(
      "\(quoted(info.name)):{\"dtype\":\"\(info.type.rawValue)\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(info.byteRange.lowerBound),\(info.byteRange.upperBound)]}")
  }
  var bytes = Array("{\(members.joined(separator: ","))}".utf8)
  bytes += [UInt8](repeating: 0x20, count: (8 - bytes.count % 8) % 8)
  return bytes
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20:
      result += "\\u00" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
