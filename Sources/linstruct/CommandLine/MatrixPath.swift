import Foundation
import LinearStructures

/// The words of a matrix argument: a path, and after `#` the name of a tensor with which of its matrices is meant.
///
/// `#` is looked for from the right, and a path that exists as it stands wins, so that both paths and names may hold
/// it. A file that holds one array needs no name: `FILE.npy[:,2]` and `FILE.npy#[:,2]` are the same.
struct MatrixPath {
  let url: URL
  /// What stands after `#`, `nil` without one.
  let name: String?

  init(_ text: String) {
    func exists(_ path: some StringProtocol) -> Bool { SystemPath(URL(filePath: String(path))).exists }
    if !exists(text) {
      let marks = text.indices.filter { text[$0] == "#" }
      if let mark = marks.last(where: { exists(text[..<$0]) }) ?? marks.last {
        (url, name) = (URL(filePath: String(text[..<mark])), String(text[text.index(after: mark)...]))
        return
      }
      if let (path, _) = MatrixPath.selection(after: text) {
        (url, name) = (URL(filePath: path), String(text.dropFirst(path.count)))
        return
      }
    }
    (url, name) = (URL(filePath: text), nil)
  }

  /// A path with the tensor from an option of its own, `nil` where there is none.
  init(_ text: String, tensor: String?) throws {
    let path = MatrixPath(text)
    guard tensor == nil || path.name == nil else {
      throw CommandError.usage("\(text): the tensor is named by # and by --tensor; give one of them")
    }
    (url, name) = (path.url, path.name ?? tensor)
  }

  /// Splits `NAME[e]` and `NAME[:,l]`; `nil` for a name without such an ending.
  static func selection(after text: String) -> (name: String, selection: MatrixSelection)? {
    guard let match = text.wholeMatch(of: /(.*)\[(:, *)?([0-9]+)\]/), let number = Int(match.3) else { return nil }
    return (String(match.1), match.2 == nil ? .matrix(number) : .layer(number))
  }

  /// The tensor and the matrix of it that are meant: a name that stands in the file wins, and without a name the only
  /// tensor is meant. The array of a .npy file has no name.
  func choose(among source: any TensorSource) throws -> (name: String, selection: MatrixSelection) {
    let names = source.names
    let wanted = name ?? ""
    if source is NumpyFile {
      guard let split = MatrixPath.selection(after: wanted) ?? (wanted.isEmpty ? ("", .whole) : nil), split.name.isEmpty
      else {
        let path = url.relativePath
        throw CommandError.data("\(path): a .npy file holds one array, without a name; \(path)[:,0] is its layer 0")
      }
      return (names[0], split.selection)
    }
    if !wanted.isEmpty, names.contains(where: { ExactName($0) == ExactName(wanted) }) { return (wanted, .whole) }
    let (chosen, selection) = MatrixPath.selection(after: wanted) ?? (wanted, .whole)
    guard chosen.isEmpty else { return (chosen, selection) }
    guard names.count == 1 else {
      let example = "\(url.relativePath)#\(names.first ?? "NAME")"
      throw CommandError.data("\(url.relativePath): name one of its \(names.count) tensors, such as \(example)")
    }
    return (names[0], selection)
  }
}
