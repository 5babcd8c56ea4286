import LinearStructures

/// The tour as one self-contained page: text, inline pictures, no scripts, nothing loaded from elsewhere.
struct TourPage {
  private let chapters: [any Chapter]

  init(_ tour: Tour) { chapters = tour.chapters }

  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Linear structures, each with its null</title>
    <style>
    \(PageStyle.css)
    </style>
    </head>
    <body>
    <header>
    <h1>Linear structures, each with its null</h1>
    <p>Directions, planes and lines found in the weights, gradients and activations of small models that were really
    trained. Every number stands beside what chance alone would have given; in the pictures chance is grey. The \
    data come
    with the program, and the same program writes the same page.</p>
    </header>
    \(chapters.enumerated().map { section(number: $0 + 1, $1) }.joined(separator: "\n"))
    <footer>linstruct \(version) tour</footer>
    </body>
    </html>

    """
  }

  private func section(number: Int, _ chapter: any Chapter) -> String {
    let text = chapter.text
    let lines = text.lines.map { "<li>\(escaped(sentence($0)))</li>" }.joined(separator: "\n")
    return """
      <section>
      <h2><b>\(number)</b> \(escaped(text.title))</h2>
      <div class="row">
      \(chapter.picture.html)
      <div>
      <ul>
      \(lines)
      </ul>
      <p class="verdict\(text.isChance ? " chance" : "")">\(escaped(text.verdict))</p>
      </div>
      </div>
      </section>
      """
  }

  /// A line of a chapter as a sentence: with a capital letter.
  private func sentence(_ line: String) -> String { line.prefix(1).uppercased() + line.dropFirst() }
}
