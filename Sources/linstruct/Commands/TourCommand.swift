import Foundation
import LinearStructures

struct TourCommand: Command {
  static let name = "tour"
  static let summary = "finds, measures and forecasts structures in a sample of real data, with a report"
  static let usage = "[--output report.html]"
  static let details = """
    The sample is embedded: weights, gradients, adapters and activations of small models that were really trained. Every
    number stands beside what chance alone would give. The report is one self-contained page.
    """

  struct Options: CommandOptions {
    let output = Option(
      "output", "FILE", .output(endings: ["html", "htm"]), "where the page goes (default report.html)")
  }

  private let output: URL

  init(_ arguments: Arguments<Options>) throws {
    output = try arguments.output?.url ?? URL(filePath: "report.html")
  }

  func run(_ context: Context) throws -> Report {
    let tour = try Tour(Sample(), seed: context.seed, progress: context.progress)
    try AtomicFile.write(Array(TourPage(tour).html.utf8), to: output)
    return Report(
      members: tour.json, text: tour.text + "\n\nThe same with pictures: \(output.relativePath)")
  }
}
