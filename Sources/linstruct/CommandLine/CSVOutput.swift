import LinearStructures

/// The file that `--csv` names. It is begun before the work, so that a folder that cannot be written to is an error at
/// once and not after hours, and it appears when the work is done.
struct CSVOutput {
  private let file: AtomicFile

  /// `nil` where the command has no table, or the option is absent.
  init?(_ options: some CommandOptions, _ words: SortedWords) throws {
    guard let option = (options as? any TableOptions)?.csv, let name = try option.read(words[option]) else {
      return nil
    }
    file = try OutputFile(name, isNot: words.all(except: option)).open()
  }

  /// Writes the table that the report names.
  func write(_ report: Report) throws {
    let table = report.members.first { $0.0 == report.table }
    guard case .list(let rows) = table?.1 else { throw CommandError.data("there is no table for --csv") }
    try file.write(Array(CSVTable(rows).text.utf8))
    try file.commit()
  }
}
