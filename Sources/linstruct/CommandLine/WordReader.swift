/// How the word after an option is read: its type, its range, and what is said of a word that is neither.
struct WordReader<Value: Sendable>: Sendable {
  let read: @Sendable (_ word: String, _ option: String) throws -> Value
  /// Whether the contract of the executable names this word, but it does not work yet.
  let isPlanned: @Sendable (_ word: String) -> Bool

  private init(
    isPlanned: @escaping @Sendable (String) -> Bool = { _ in false },
    _ read: @escaping @Sendable (String, String) throws -> Value
  ) {
    self.isPlanned = isPlanned
    self.read = { word, option in
      if isPlanned(word) { throw CommandError.notBuilt(option, word) }
      return try read(word, option)
    }
  }

  func refusePlanned(_ word: String, of option: String) throws {
    if isPlanned(word) { throw CommandError.notBuilt(option, word) }
  }
}

extension WordReader<String> {
  /// Any word.
  static var text: WordReader { WordReader { word, _ in word } }
}

extension WordReader<Int> {
  /// A whole number in `range`.
  static func integer(in range: ClosedRange<Int>) -> WordReader {
    WordReader { word, option in
      guard let value = Int(word), range.contains(value) else {
        let bounds = range.upperBound == .max ? "from \(range.lowerBound) on" : "in \(range)"
        throw CommandError.usage("--\(option) must be a whole number \(bounds), not \(word)")
      }
      return value
    }
  }

  /// A whole number without an upper bound.
  static func integer(in range: PartialRangeFrom<Int>) -> WordReader { .integer(in: range.lowerBound...Int.max) }
}

extension WordReader<Double> {
  /// A finite number in `range`.
  ///
  /// - Parameter planned: words that stand for a number but do not work yet.
  static func number(in range: ClosedRange<Double>, planned: Set<String> = []) -> WordReader {
    WordReader(isPlanned: planned.contains) { word, option in
      guard let value = Double(word), value.isFinite, range.contains(value) else {
        let bounds = range.upperBound == .infinity ? "from \(range.lowerBound) on" : "in \(range)"
        throw CommandError.usage("--\(option) must be a number \(bounds), not \(word)")
      }
      return value
    }
  }

  /// A finite number without an upper bound.
  static func number(in range: PartialRangeFrom<Double>, planned: Set<String> = []) -> WordReader {
    .number(in: range.lowerBound...Double.infinity, planned: planned)
  }
}

extension WordReader where Value: CaseIterable & RawRepresentable<String> {
  /// One of the words that stand for the cases of `Value`.
  ///
  /// - Parameters:
  ///   - name: what a word is called in the refusal of one that is unknown; the option where it is `nil`.
  ///   - planned: words that do not work yet.
  static func choice(of type: Value.Type, called name: String? = nil, planned: Set<String> = []) -> WordReader {
    WordReader(isPlanned: planned.contains) { word, option in
      guard let value = Value(rawValue: word) else {
        let words = Value.allCases.map(\.rawValue)
        let known = words.joined(separator: words.count == 2 ? " and " : ", ")
        throw CommandError.usage("\(name ?? "--\(option)") \(word) is unknown; there are \(known)")
      }
      return value
    }
  }
}

extension WordReader<OutputName> {
  /// The name of a file that the command writes.
  ///
  /// - Parameters:
  ///   - endings: the extensions that the command can write, without the dot.
  ///   - planned: extensions that it cannot write yet.
  static func output(endings: [String], planned: [String] = []) -> WordReader {
    WordReader(isPlanned: { word in planned.contains { word.hasSuffix(".\($0)") } }) { word, option in
      try OutputName(word, option: option, endings: endings)
    }
  }
}
