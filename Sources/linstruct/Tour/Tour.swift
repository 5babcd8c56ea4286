/// The main job on the sample: what was found, measured and forecast, each number with its null.
struct Tour {
  /// The chapters, in order. A new one is a file in `Chapters` and its name here.
  private static let chapters: [any Chapter.Type] = [
    SpectraChapter.self, DriftChapter.self, PrefixChapter.self, DirectionChapter.self, TransferChapter.self,
    TrajectoryChapter.self,
  ]

  let chapters: [any Chapter]

  init(_ sample: Sample, seed: UInt64, progress: Progress) throws {
    let all = Self.chapters
    chapters = try all.enumerated().map { i, chapter in
      progress.report("tour: \(chapter.activity)", i, of: all.count)
      return try chapter.init(sample, seed: seed)
    }
  }

  /// The members of the JSON object: one for each chapter.
  var json: [(String, JSON)] { chapters.map { (type(of: $0).key, $0.json) } }

  /// The chapters as numbered paragraphs.
  var text: String {
    chapters.map(\.text).enumerated().map { i, chapter in
      "\(i + 1). \(chapter.title)\n" + chapter.lines.map { "   \($0)\n" }.joined() + "   → \(chapter.verdict)"
    }
    .joined(separator: "\n\n")
  }
}
