import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a picture, and whether it is well formed.
private final class PictureReader: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []

  func read(_ svg: String) -> Bool {
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    // Foundation on Linux parses on after a tag that does not match, and returns true.
    return parser.parse() && parser.parserError == nil
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append((name, attributes))
  }

  func count(_ name: String, ofClass kind: String) -> Int {
    elements.count { $0.name == name && ($0.attributes["class"] ?? "").split(separator: " ").contains(kind[...]) }
  }
}

/// The page and its pictures.
extension TourTests {
  @Test func thePageIsSelfContained() throws {
    let page = try Tour.shared.pages[0]
    #expect(page.hasPrefix("<!doctype html>") && page.contains("<meta charset=\"utf-8\">"))
    for load in ["http:", "https:", "src=", "href", "<script", "<link", "<iframe", "<img", "@import", "url("] {
      #expect(page.range(of: load, options: .caseInsensitive) == nil, "\(load)")
    }
    for part in ["<section>", "</section>", "<svg ", "</svg>", "<figure>", "<figcaption ", "<p class=\"verdict"] {
      #expect(page.components(separatedBy: part).count == 7, "\(part)")
    }
    // Two answers are "no more than chance", and have the look of that.
    #expect(page.components(separatedBy: "class=\"verdict chance\"").count == 3)
    for word in ["nan", "inf"] { #expect(!page.contains("\"\(word)") && !page.contains(": \(word)"), "\(word)") }
    #expect(!page.contains(FileManager.default.temporaryDirectory.lastPathComponent + "/"))
  }

  @Test func everyPictureIsWellFormedAndInsideItsFrame() throws {
    let pictures = try Tour.shared.pictures
    #expect(pictures.count == 6)
    for (i, picture) in pictures.enumerated() {
      let reader = PictureReader()
      #expect(reader.read(picture), "picture \(i + 1)")
      let frame = try #require(reader.elements.first)
      #expect(frame.name == "svg" && frame.attributes["viewBox"] == "0 0 480 300")
      #expect((frame.attributes["aria-label"] ?? "").count > 20)
      #expect(reader.elements.count { $0.name == "text" } >= 6 && reader.count("polyline", ofClass: "line") >= 1)
      for (name, attributes) in reader.elements.dropFirst() {
        let points = attributes["points"]?.split(whereSeparator: { " ,".contains($0) }).map(String.init) ?? []
        let across =
          ["x", "x1", "x2", "cx"].compactMap { attributes[$0] }
          + points.indices.filter { $0 % 2 == 0 }.map { points[$0] }
        let down =
          ["y", "y1", "y2", "cy"].compactMap { attributes[$0] }
          + points.indices.filter { $0 % 2 == 1 }.map { points[$0] }
        for (values, limit) in [(across, 480.0), (down, 300.0)] {
          for text in values {
            let value = try #require(Double(text), "picture \(i + 1), \(name): \(text)")
            #expect(value >= 0 && value <= limit, "picture \(i + 1), \(name): \(text)")
          }
        }
      }
    }
  }

  @Test func thePicturesShowTheData() throws {
    let (reference, pictures) = (try TourReference.read(), try Tour.shared.pictures)
    let readers = pictures.map { picture in
      let reader = PictureReader()
      _ = reader.read(picture)
      return reader
    }
    try #require(readers.count == 6)
    // Singular values of two matrices and of a random one.
    let curves = readers[0].elements.filter { $0.name == "polyline" }
    #expect(curves.map { ($0.attributes["points"] ?? "").split(separator: " ").count } == [96, 96, 96])
    // Each pair of the six steps is a dot at its lag and its overlap.
    #expect(readers[1].count("circle", ofClass: "dot") == 15)
    let places = readers[1].elements.filter { $0.name == "circle" }.map { [$0.attributes["cx"], $0.attributes["cy"]] }
    for (step, overlap) in zip(reference.drift.steps, reference.drift.overlap).dropFirst() {
      let place = [60 + Double(step) / 210 * 406, 252 - overlap * 240].map { String(format: "%.1f", $0) }
      #expect(places.contains(place), "\(step)")
    }
    #expect(readers[2].count("circle", ofClass: "dot") == 10)
    // There are as many positive as negative sentences, whatever the bins.
    let heights = ["first", "second"].map { kind in
      readers[3].elements.filter { $0.name == "rect" && $0.attributes["class"] == "bar \(kind)" }
        .reduce(0) { $0 + (Double($1.attributes["height"] ?? "") ?? 0) }
    }
    #expect(heights[0] > 100 && abs(heights[0] - heights[1]) < 2)
    #expect(readers[4].count("circle", ofClass: "chance") == 3)
    // Nine checkpoints are observed, the others hidden.
    #expect(readers[5].count("circle", ofClass: "dot") == 9 && readers[5].count("circle", ofClass: "ring") == 21)
    #expect(readers[5].count("polyline", ofClass: "dashed") == 2)
  }
}
