import Foundation
import LinearStructures

/// The file that `--csv` names. It is begun before the work, so that a folder that cannot be written to is an error at
/// once and not after hours, and it appears when the work is done.
struct CSVOutput {
  private let file: AtomicFile

  /// `nil` where the option is absent.
  init?(_ arguments: Arguments) throws {
    guard let path = arguments.text("csv") else { return nil }
    let url = URL(filePath: path)
    guard url.pathExtension == "csv" else { throw CommandError.usage("--csv must end in .csv") }
    if let input = arguments.words(except: "csv").first(where: { Self.isSameFile($0, url) }) {
      throw CommandError.usage("--csv \(path) is \(input): it would be overwritten; name another file")
    }
    file = try AtomicFile(url)
  }

  /// Whether a word of the command line, without the name after `#`, leads to the same file, through whatever links.
  private static func isSameFile(_ word: String, _ url: URL) -> Bool {
    guard let own = identity(url.path) else { return false }
    return [word, String(word.prefix { $0 != "#" })].contains { identity($0) == own }
  }

  /// The device and the number of the file that a path leads to.
  private static func identity(_ path: String) -> [UInt64]? {
    var status = stat()
    return stat(path, &status) == 0 ? [UInt64(status.st_dev), UInt64(status.st_ino)] : nil
  }

  /// Writes the table that the report names.
  func write(_ report: Report) throws {
    let table = report.members.first { $0.0 == report.table }
    guard case .list(let rows) = table?.1 else { throw CommandError.data("there is no table for --csv") }
    try file.write(Array(CSVTable(rows).text.utf8))
    try file.commit()
  }
}
