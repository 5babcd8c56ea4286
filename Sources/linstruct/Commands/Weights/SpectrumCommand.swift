import Foundation
import LinearStructures

struct SpectrumCommand: Command {
  static let name = "spectrum"
  static let summary = "how many directions share the energy, for every matrix of a checkpoint"
  static let usage = "FILE|FOLDER [--tensor NAME] [--include REGEX] [--centered]"
  static let details = """
    FILE is a .safetensors file, the index of a sharded folder, or a .npy or .npz file; FILE#NAME is one of its tensors.
    A tensor of three dimensions is a list of matrices, name[e], one of four is [out, rest]; others are skipped, and so
    are integers and the codes of quantized weights, each with a reason. Results, of the singular values σ:
      stable rank Σσ²/σ₁², participation ratio (Σσ²)²/Σσ⁴, entropy rank exp H(σ²/Σσ²),
      numerical rank, the number of σ above ε·√Σσ² (ε of the stored type), and the share of energy of the \
    first ten directions.
    """

  struct Options: MatrixOptions, TableOptions {
    let file = Operand("FILE")
    let tensor = Option(
      "tensor", "NAME", .text, "this tensor only; NAME[e] is one matrix of three dimensions, NAME[:,l] a layer")
    let include = Option("include", "REGEX", .text, "only tensors whose name matches")
    let centered = Option("centered", "subtract the mean row of each matrix first")
    let csv = Option<OutputName?>.csv
    let integers = Option<Bool>.integers
  }

  private let path: String
  private let tensor: String?
  private let include: NameFilter
  private let isCentered: Bool

  init(_ arguments: Arguments<Options>) throws {
    path = try arguments.file
    tensor = try arguments.tensor
    include = try NameFilter(arguments.include)
    isCentered = try arguments.centered
  }

  /// The measures of one matrix, or why there are none.
  private struct Row {
    let name: String
    let type: ElementType
    let shape: [Int]
    let spectrum: Result<Spectrum, LinearAlgebraError>
  }

  func run(_ context: Context) throws -> Report {
    var rows: [Row] = []
    var skipped: [SkippedTensor] = []
    let place = try MatrixPath(path, tensor: tensor)
    let source = try TensorFiles.open(place.url)
    if place.name != nil || source is NumpyFile {
      let (name, selection) = try place.choose(among: source)
      let found = try source.tensor(name)
      if let reason = found.refusal(context.integers) {
        throw TensorFileError.notNumbers(path: place.url.relativePath, tensor: name, reason: reason)
      }
      _ = try include.choose([name], in: place.url)
      rows = try (selection == .whole ? found.matrices : [StoredMatrix(of: found, at: selection)]).map(row)
    } else {
      let names = try include.choose(source.names, in: place.url)
      let listing = try source.matrixListing(of: names, integers: context.integers)
      skipped = listing.skipped
      let total = listing.tensors.reduce(0) { $0 + $1.byteCount }
      var done = 0
      for found in listing.tensors {
        context.progress.report("spectrum", done, of: total, in: .bytes)
        done += found.byteCount
        rows += try found.matrices.map(row)
      }
    }
    return report(rows, skipped)
  }

  private func row(_ matrix: StoredMatrix) throws -> Row {
    let tensor = matrix.tensor
    return tensor.type.resultType == .f32
      ? row(matrix.name, tensor.type, try tensor.numbers(at: matrix.selection) as Matrix<Float>)
      : row(matrix.name, tensor.type, try tensor.numbers(at: matrix.selection) as Matrix<Double>)
  }

  private func row<Element>(_ name: String, _ type: ElementType, _ a: Matrix<Element>) -> Row {
    let spectrum = Result { () throws(LinearAlgebraError) in
      try a.checkFinite()
      return try isCentered ? a.centeredSpectrum(storedEpsilon: type.epsilon) : a.spectrum(storedEpsilon: type.epsilon)
    }
    return Row(name: name, type: type, shape: [a.rows, a.columns], spectrum: spectrum)
  }

  private func report(_ rows: [Row], _ skipped: [SkippedTensor]) -> Report {
    var table = TextTable([
      "tensor", "shape", "stable rank", "participation", "entropy rank", "rank", "energy of 1", "of 10",
    ])
    var list: [JSON] = []
    for row in rows {
      let shape = row.shape.map(String.init).joined(separator: "x")
      let spectrum = try? row.spectrum.get()
      let energies = spectrum?.energies
      var members: [(String, JSON)] = [
        ("name", .text(row.name)),
        ("shape", .integers(row.shape)),
        ("type", .text(row.type.rawValue)),
        ("stable_rank", .optional(spectrum?.stableRank)),
        ("participation_ratio", .optional(spectrum?.participationRatio)),
        ("entropy_rank", .optional(spectrum?.entropyRank(.energy))),
        ("numerical_rank", spectrum.map { .integer($0.numericalRank) } ?? .null),
        ("energy", energies.map { .numbers($0.prefix(10)) } ?? .null),
      ]
      if case .failure(let error) = row.spectrum {
        members.append(("error", .text("\(error)")))
        table.add([row.name, shape, "not finite", "", "", "", "", ""])
      } else {
        table.add([
          row.name, shape, shown(spectrum?.stableRank), shown(spectrum?.participationRatio),
          shown(spectrum?.entropyRank(.energy)), spectrum.map { String($0.numericalRank) } ?? "–",
          shown(energies?.first, digits: 3), shown(spectrum?.cumulativeEnergy?.prefix(10).last, digits: 3),
        ])
      }
      list.append(.object(members))
    }
    let omitted = skipped.map { skipped in
      JSON.object([
        ("name", .text(skipped.tensor.name)), ("type", .text(skipped.tensor.type.rawValue)),
        ("shape", .integers(skipped.tensor.shape)), ("reason", .text(skipped.reason.words)),
      ])
    }
    return Report(
      members: [("tensors", .list(list)), ("skipped", .list(omitted))],
      text: (rows.isEmpty ? "no matrices" : table.text) + note(skipped), table: "tensors")
  }

  /// The skipped tensors in words, those of one kind together.
  private func note(_ skipped: [SkippedTensor]) -> String {
    var order: [String] = []
    var groups: [String: [SkippedTensor]] = [:]
    for skipped in skipped {
      // Reasons differ by the names in them; the code at their end says the kind.
      let code = skipped.reason.words.split(separator: "[").last.map(String.init) ?? ""
      let kind = skipped.tensor.type.rawValue + code
      if groups[kind] == nil { order.append(kind) }
      groups[kind, default: []].append(skipped)
    }
    let lines = order.compactMap { kind -> String? in
      guard let group = groups[kind], let first = group.first else { return nil }
      let name = TerminalText.line(first.tensor.name).shortened(to: 40)
      let others = group.count > 1 ? " and \(group.count - 1) more" : ""
      return wrapped("  \(name)\(others): \(TerminalText.line(first.reason.words))", indentation: 4)
    }
    return lines.isEmpty ? "" : "\n\nskipped:\n" + lines.joined(separator: "\n")
  }
}
