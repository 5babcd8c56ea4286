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
    let findings = try Findings(Sample(), seed: context.seed, progress: context.progress)
    try AtomicFile.write(Array(TourPage(findings).html.utf8), to: output)
    let chapters = findings.chapters.enumerated().map { i, chapter in
      "\(i + 1). \(chapter.title)\n" + chapter.lines.map { "   \($0)\n" }.joined() + "   → \(chapter.verdict)"
    }
    return Report(
      members: json(findings),
      text: chapters.joined(separator: "\n\n") + "\n\nThe same with pictures: \(output.relativePath)")
  }

  private func json(_ findings: Findings) -> [(String, JSON)] {
    let (drift, prefix, direction) = (findings.drift, findings.prefix, findings.direction)
    let (transfer, trajectory) = (findings.transfer, findings.trajectory)
    return [
      (
        "spectra",
        .list(
          findings.spectra.rows.map {
            .object([
              ("name", .text($0.name)), ("participation_ratio", .optional($0.spectrum.participationRatio)),
              ("random_participation_ratio", .optional($0.random.participationRatio)),
            ])
          })
      ),
      (
        "drift",
        .object([
          ("steps", .integers(drift.steps)), ("energy", .numbers(drift.energies)),
          ("overlap", .list(drift.overlaps.map { .numbers($0.compactMap(\.value)) })),
          ("chance", .optional(drift.overlaps[0][0].chance)),
        ])
      ),
      (
        "prefix",
        .object([
          ("captured", .list(prefix.captures.map { .optional($0.energy) })),
          ("matched_walk", .numbers(prefix.captures.map(\.matchedWalk))),
          ("sign_flip_95", .numbers(prefix.captures.map(\.signFlip95))),
          ("future", .optional(prefix.future.energy)), ("future_sign_flip_95", .optional(prefix.future.signFlip95)),
        ])
      ),
      (
        "direction",
        .object([
          ("norm", .optional(direction.direction.norm)), ("norm_p", .optional(direction.norm.p)),
          ("accuracy", .optional(direction.evaluation.accuracy)), ("auroc", .optional(direction.evaluation.auroc)),
          ("paired_accuracy", .optional(direction.evaluation.pairedAccuracy)),
          ("permutation_p", .optional(direction.evaluation.permutation?.p)),
        ])
      ),
      (
        "transfer",
        .object([
          ("lambda", .number(transfer.lambda)), ("r2_train", .optional(transfer.r2Train)),
          ("r2_holdout", .optional(transfer.r2HeldOut)), ("cosine", .optional(transfer.cosine)),
          ("cosine_other_prompts", .optional(transfer.specificity.cosine)),
          ("verdict", transfer.specificity.verdict.map { .text($0.rawValue) } ?? .null),
        ])
      ),
      (
        "trajectory",
        .object([
          ("tensor", .text(trajectory.tensor)), ("energy", .optional(trajectory.whole.fit.figures.energy)),
          ("r2", .optional(trajectory.whole.fit.figures.r2)),
          ("null_energy", .optional(trajectory.whole.fit.walk.energy)),
          ("null_r2", .optional(trajectory.whole.fit.walk.r2)),
          ("slope", .optional(trajectory.whole.fit.components.first?.slope)),
          ("intercept", .optional(trajectory.whole.fit.components.first?.intercept)),
          ("verdict", .text(trajectory.whole.walkTest.verdict.rawValue)),
          (
            "forecast",
            .object(
              trajectory.errors.map {
                ($0.recipe.rawValue, .object([("relative_error", .number($0.error)), ("skill", .number($0.skill))]))
              })
          ),
        ])
      ),
    ]
  }
}
