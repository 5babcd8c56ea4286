import Foundation
import LinearStructures

struct SVDCommand: Command {
  static let name = "svd"
  static let summary = "singular value decomposition of one matrix, with its residual"
  static let usage = "MATRIX [--rank K [--tolerance T]] [--values-only] [--repeat N] [--output F.safetensors]"
  static let details = """
    Writes u [m,r], singular_values [r] and vt [r,n]; with --values-only singular_values alone, and unless --rank is
    given the method stays unnamed.
    The residual is max over i of max(‖Avᵢ−σᵢuᵢ‖, ‖Aᵀuᵢ−σᵢvᵢ‖)/σ₁.
    """

  struct Options: MatrixOptions {
    let matrix = Operand("MATRIX")
    let rank = Option("rank", "K", .integer(in: 1...), "only the K leading triplets, K from 1 to min(m,n)")
    let tolerance = Option(
      "tolerance", "T", .number(in: 0...), "largest accepted residual of the leading triplets (default 1e-2)")
    let valuesOnly = Option("values-only", "no vectors")
    let repeats = Option("repeat", "N", .integer(in: 1...1_000_000), default: 1, "compute N times, for timing")
    let output = Option(
      "output", "FILE", .output(endings: ["safetensors"]), "write the factors to FILE.safetensors")
    let integers = Option<Bool>.integers
  }

  private let matrix: String
  private let rank: Int?
  private let tolerance: Double?
  private let isValuesOnly: Bool
  private let repeats: Int
  private let output: OutputFile?

  init(_ arguments: Arguments<Options>) throws {
    matrix = try arguments.matrix
    rank = try arguments.rank
    tolerance = try arguments.tolerance
    isValuesOnly = try arguments.valuesOnly
    repeats = try arguments.repeats
    output = try arguments.output.map { [matrix] in try OutputFile($0, isNot: [matrix]) }
    if tolerance != nil, rank == nil { throw CommandError.usage("--tolerance belongs to --rank") }
  }

  func run(_ context: Context) throws -> Report {
    let file = try output?.open()
    return switch try MatrixArgument(matrix, integers: context.integers).values {
    case .single(let a): try run(a, into: file, context)
    case .double(let a): try run(a, into: file, context)
    }
  }

  private struct Outcome<Element: MatrixScalar> {
    /// The method that ran; `nil` where the library does not record it.
    let method: UsedSVDMethod?
    let values: Vector<Element>
    let vectors: (u: Matrix<Element>, vt: Matrix<Element>)?
    let residual: Double?
  }

  private func run<Element>(_ a: Matrix<Element>, into file: AtomicFile?, _ context: Context) throws -> Report {
    let largestRank = min(a.rows, a.columns)
    if let rank, rank > largestRank {
      throw CommandError.usage("--rank \(rank) is outside 1...\(largestRank) for a \(a.shapeDescription) matrix")
    }
    var seconds: [Double] = []
    var outcome: Outcome<Element>?
    for i in 0..<repeats {
      context.progress.report("svd", i, of: repeats)
      let start = ContinuousClock.now
      let (result, elapsed) = try naming(matrix) { try compute(a, context, since: start) }
      seconds.append(elapsed)
      outcome = result
    }
    guard let outcome else { throw CommandError.usage("--repeat must be at least 1") }
    if let file { try write(outcome, into: file) }
    return report(a, outcome, seconds)
  }

  /// The decomposition and its time; the residual of a full one is measured after the clock has stopped.
  private func compute<Element>(
    _ a: Matrix<Element>, _ context: Context, since start: ContinuousClock.Instant
  ) throws -> (Outcome<Element>, Double) {
    func elapsed() -> Double { (ContinuousClock.now - start) / .seconds(1) }
    // A single decomposition reports its own progress; of several, the number that are done is reported.
    let shown = context.progress
    let progress: ProgressHandler? = repeats > 1 ? nil : { @Sendable in shown.report("svd", $0, of: $1) }
    if let rank {
      let found = try a.svd(rank: rank, tolerance: tolerance ?? 1e-2, seed: context.seed, progress: progress)
      let time = elapsed()
      let vectors = isValuesOnly ? nil : (found.u, found.vTransposed)
      return (
        Outcome(method: found.method, values: found.singularValues, vectors: vectors, residual: found.residual), time
      )
    }
    if isValuesOnly {
      return (
        Outcome(method: nil, values: try a.singularValues(progress: progress), vectors: nil, residual: nil), elapsed()
      )
    }
    let svd = try a.svd(progress: progress)
    let time = elapsed()
    return (
      Outcome(
        method: svd.method, values: svd.singularValues, vectors: (svd.u, svd.vTransposed),
        residual: svd.residual(of: a)), time
    )
  }

  private func write<Element>(_ outcome: Outcome<Element>, into file: AtomicFile) throws {
    var tensors = [NamedTensor("singular_values", outcome.values)]
    if let vectors = outcome.vectors {
      tensors += [NamedTensor("u", vectors.u), NamedTensor("vt", vectors.vt)]
    }
    let metadata = outcome.method.map { ["method": $0.rawValue] } ?? [:]
    try SafetensorsFile.write(tensors, metadata: metadata, into: file)
  }

  private func report<Element>(_ a: Matrix<Element>, _ outcome: Outcome<Element>, _ seconds: [Double]) -> Report {
    let values = outcome.values.prefix(10).map { shown(Double($0), digits: 6) }
    let more = outcome.values.count > 10 ? " … (\(outcome.values.count) in all)" : ""
    let median = seconds.sorted()[seconds.count / 2]
    return Report(
      members: [
        ("method", outcome.method.map { .text($0.rawValue) } ?? .null),
        ("shape", .integers([a.rows, a.columns])),
        ("residual", .optional(outcome.residual)),
        ("seconds", .numbers(seconds)),
        ("singular_values", .numbers(outcome.values.map(Double.init))),
      ],
      text: """
        \(matrix): \(a.shapeDescription) \(Element.self)\(outcome.method.map { ", \($0.rawValue)" } ?? "")
        singular values: \(values.joined(separator: ", "))\(more)
        residual: \(outcome.residual.map { shown($0, digits: 2) } ?? "– (no vectors)")
        time: \(shown(median, digits: 3)) s\(seconds.count > 1 ? ", median of \(seconds.count)" : "")
        """)
  }
}
