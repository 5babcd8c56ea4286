import Foundation
import LinearStructures

/// Where a command writes: never one of its inputs, and opened before the work.
struct OutputFile: Sendable {
  let url: URL

  /// The file that `--output` names, or another option.
  ///
  /// - Parameters:
  ///   - text: the value of the option.
  ///   - option: its name.
  ///   - endings: the extensions that the command can write.
  ///   - inputs: what the command reads: files, folders, indexes, and matrix arguments with `#NAME`.
  /// - Throws: exit status 64 for another extension, and where the output is the same file as an input (the same
  ///   device and inode, through whatever links), or a file of an input folder.
  init(_ text: String, option: String = "output", endings: [String], isNot inputs: [String?]) throws {
    url = URL(filePath: text)
    guard endings.contains(url.pathExtension) else {
      let known = endings.map { ".\($0)" }.joined(separator: " or ")
      throw CommandError.usage("--\(option) must end in \(known), not \(text)")
    }
    guard let own = SystemPath(url).identity else { return }
    for input in inputs.compactMap(\.self) where Self.files(of: input).contains(where: { $0.identity == own }) {
      throw CommandError.usage("--\(option) \(text) is the input \(input): it would be overwritten; name another file")
    }
  }

  /// Opens the file, which appears when it is whole; to be called before the work, so that a folder that is missing or
  /// a disk that is read-only is known at once.
  func open() throws -> AtomicFile { try AtomicFile(url) }

  /// The files that an argument reads. Of a folder, and of the folder of an index, every file counts.
  private static func files(of argument: String) -> [SystemPath] {
    let url = MatrixPath(argument).url
    let path = SystemPath(url)
    let folder = path.isFolder ? url : url.pathExtension == "json" ? url.deletingLastPathComponent() : nil
    guard let folder else { return [path] }
    return [path] + (SystemPath(folder).entries ?? []).map { SystemPath(folder.appending(path: $0)) }
  }
}
