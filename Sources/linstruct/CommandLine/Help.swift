import LinearStructures

/// Commands that people use for one thing.
struct CommandGroup: Sendable {
  let title: String
  let commands: [any Command.Type]
}

/// The help of the executable and of each command, on lines of at most 100 columns.
enum Help {
  /// The list of commands.
  static func overview(_ groups: [CommandGroup]) -> String {
    let width = groups.flatMap { $0.commands }.map { $0.name.count }.max() ?? 0
    let lists = groups.map { group in
      "\(group.title):\n" + list(group.commands.map { ($0.name, $0.summary) }, width: width)
    }
    return """
      linstruct \(version): linear structures in language models, each number with its null

      usage: linstruct COMMAND … [--json] [--seed N] [--threads N] [--help]

      \(lists.joined(separator: "\n\n"))

      `linstruct help COMMAND` explains one. A matrix argument is FILE.npy, FILE.npz#NAME or
      FILE.safetensors#NAME, and NAME[e] or NAME[:,l] is a matrix of a tensor with three dimensions.
      Exit status: 0, 1 where the data are wrong, 64 where the words are.
      """
  }

  /// The help of one command.
  static func page<Named: Command>(of command: Named.Type) -> String {
    let options = (Named.Options().declared + CommonOptions().declared).map { option in
      ("--\(option.name)" + (option.placeholder.map { " \($0)" } ?? ""), option.help)
    }
    let width = options.map { $0.0.count }.max() ?? 0
    let details = command.details.isEmpty ? "" : "\n\(paragraphs(command.details))\n"
    return """
      \(command.summary)

      \(wrapped("usage: linstruct \(command.name) \(command.usage)", indentation: 4))
      \(details)
      options:
      \(list(options, width: width))
      """
  }

  /// Terms and what they mean, side by side.
  private static func list(_ entries: [(term: String, meaning: String)], width: Int) -> String {
    entries.map { term, meaning in
      let padding = String(repeating: " ", count: width - term.count)
      return wrapped("  \(term)\(padding)  \(meaning)", indentation: width + 4)
    }
    .joined(separator: "\n")
  }

  /// Joins the lines of each paragraph and breaks them anew; a line that begins with a space stays a line.
  private static func paragraphs(_ text: String) -> String {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let last = lines.last, !last.isEmpty, !last.hasPrefix(" "), !line.isEmpty, !line.hasPrefix(" ") {
        lines[lines.count - 1] = "\(last) \(line)"
      } else {
        lines.append(line)
      }
    }
    return lines.map { wrapped($0, indentation: $0.hasPrefix(" ") ? 4 : 0) }.joined(separator: "\n")
  }
}
