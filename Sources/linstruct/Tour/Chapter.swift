import LinearStructures

/// A chapter of the tour: what was found in the sample, in words, as a picture and as JSON.
///
/// A chapter is one file in `Chapters`, and stands in `Tour.chapters`.
protocol Chapter: Sendable {
  /// What the line of progress says while the finding is computed.
  static var activity: String { get }
  /// The key of the chapter in the JSON of the tour.
  static var key: String { get }

  /// Computes the finding.
  init(_ sample: Sample, seed: UInt64) throws

  var text: ChapterText { get }
  var picture: Plot { get }
  var json: JSON { get }
}

/// A chapter in plain words: what was asked, what came out beside what chance gives, and the answer.
struct ChapterText {
  let title: String
  let lines: [String]
  let verdict: String
  /// Whether the answer is "no more than chance".
  var isChance = false
}

/// A tensor name without what all names of a model share.
func shortTensorName(_ name: String) -> String {
  name.replacing("model.", with: "").replacing(".weight", with: "")
}
