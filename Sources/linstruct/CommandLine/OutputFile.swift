import Foundation
import LinearStructures

/// The word after an option that names a file to write, with an extension that the command can write.
struct OutputName: Sendable {
  let word: String
  let option: String

  /// - Throws: exit status 64 for another extension.
  init(_ word: String, option: String, endings: [String]) throws {
    (self.word, self.option) = (word, option)
    guard endings.contains(ending) else {
      let known = endings.map { ".\($0)" }.joined(separator: " or ")
      throw CommandError.usage("--\(option) must end in \(known), not \(word)")
    }
  }

  var url: URL { URL(filePath: word) }
  /// The extension, without the dot.
  var ending: String { url.pathExtension }

  /// Refuses an output that is an input.
  ///
  /// - Parameter inputs: what the command reads: files, folders, indexes, and matrix arguments with `#NAME`.
  /// - Throws: exit status 64 where the output is the same file as an input (the same device and inode, through
  ///   whatever links), or a file of an input folder.
  fileprivate func check(isNot inputs: [String?], shownAs shown: String) throws {
    guard let own = SystemPath(url).identity else { return }
    for input in inputs.compactMap(\.self) where Self.files(of: input).contains(where: { $0.identity == own }) {
      throw CommandError.usage(
        "--\(option) \(shown) is the input \(input): it would be overwritten; name another file")
    }
  }

  /// The files that an argument reads. Of a folder, and of the folder of an index, every file counts.
  private static func files(of argument: String) -> [SystemPath] {
    let url = MatrixPath(argument).url
    let path = SystemPath(url)
    let isIndex = FileEnding.json.ends(url.lastPathComponent)
    guard path.isFolder || isIndex else { return [path] }
    let folder = path.isFolder ? url : url.deletingLastPathComponent()
    return [path] + (SystemPath(folder).entries ?? []).map { SystemPath(folder.appending(path: $0)) }
  }
}

/// Where a command writes: never one of its inputs, and opened before the work.
struct OutputFile: Sendable {
  let name: OutputName
  var url: URL { name.url }

  /// - Parameters:
  ///   - name: the word that an option gave.
  ///   - inputs: what the command reads: files, folders, indexes, and matrix arguments with `#NAME`.
  /// - Throws: exit status 64 where the output is an input.
  init(_ name: OutputName, isNot inputs: [String?] = []) throws {
    self.name = name
    try name.check(isNot: inputs, shownAs: name.word)
  }

  /// Checks inputs that become known later, such as the files that a folder leads to.
  func check(isNot inputs: [String]) throws { try name.check(isNot: inputs, shownAs: url.path) }

  /// Opens the file, which appears when it is whole; to be called before the work, so that a folder that is missing or
  /// a disk that is read-only is known at once.
  func open() throws -> AtomicFile { try AtomicFile(url) }
}
