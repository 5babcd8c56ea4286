import Foundation

extension TensorSource {
  /// The name of the file, the number of tensors, and a line for each of the first ones.
  var table: String {
    let names = names
    let rows = names.prefix(8).map { name in
      (name: name, text: (try? tensor(name)).map { "\($0.type.rawValue) \($0.shape)" } ?? "cannot be opened")
    }
    let width = rows.map(\.name.count).max() ?? 0
    let lines = rows.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.text)" }
    let rest = names.count > rows.count ? ["  … and \(names.count - rows.count) more"] : []
    let count = names.count == 1 ? "1 tensor" : "\(names.count) tensors"
    return (["\(url.lastPathComponent): \(count)"] + lines + rest).joined(separator: "\n")
  }
}

extension SafetensorsFile: CustomStringConvertible {
  /// A table of the first tensors.
  public var description: String { table }
}

extension Checkpoint: CustomStringConvertible {
  /// A table of the first tensors.
  public var description: String { table }
}

extension NumpyArchive: CustomStringConvertible {
  /// A table of the first arrays.
  public var description: String { table }
}

extension NumpyFile: CustomStringConvertible {
  /// The type and shape of the array.
  public var description: String { table }
}

extension TensorInfo: CustomStringConvertible {
  /// The name, type and shape.
  public var description: String { "\(name) \(type.rawValue) \(shape)" }
}
