import Foundation
import LinearStructures

struct SpectrumCommand: Command {
  static let name = "spectrum"
  static let summary = "how many directions share the energy, for every matrix of a checkpoint"
  static let usage = "FILE|FOLDER [--tensor NAME] [--include REGEX] [--centered]"
  static let details = """
    FILE is a .safetensors file, the index of a sharded folder, or a .npy file. A tensor of three dimensions is a list
    of matrices, name[e]; others are listed as skipped. Results, of the singular values σ:
      stable rank Σσ²/σ₁², participation ratio (Σσ²)²/Σσ⁴, entropy rank exp H(σ²/Σσ²),
      numerical rank, the number of σ above max(m,n)·ε·σ₁, and the share of energy of the first ten directions.
    """
  static let options = [
    Option("tensor", "NAME", "this tensor only"),
    Option("include", "REGEX", "only tensors whose name matches"),
    Option("centered", nil, "subtract the mean row of each matrix first"),
    Option.csv,
  ]

  private let path: String
  private let tensor: String?
  private let include: NameFilter
  private let isCentered: Bool

  init(_ arguments: Arguments) throws {
    path = try arguments.operands("FILE")[0]
    tensor = arguments.text("tensor")
    include = try NameFilter(arguments.text("include"))
    isCentered = arguments.has("centered")
  }

  /// The measures of one matrix, or why there are none.
  private struct Row {
    let name: String
    let shape: [Int]
    let spectrum: Result<Spectrum, LinearAlgebraError>
  }

  func run(_ context: Context) throws -> Report {
    var rows: [Row] = []
    var skipped: [String] = []
    if path.hasSuffix(".npy") {
      let name = URL(filePath: path).deletingPathExtension().lastPathComponent
      switch try MatrixArgument(path) {
      case .single(let a): rows.append(row(name, a))
      case .double(let a): rows.append(row(name, a))
      }
    } else {
      let checkpoint = try Checkpoint(URL(filePath: path))
      if let tensor { _ = try checkpoint.file(holding: tensor) }
      let named = checkpoint.tensors.filter { tensor == nil || $0.name == tensor }
      let chosen = try include.choose(named, by: \.name, in: path).sorted { naturallyPrecedes($0.name, $1.name) }
      let total = chosen.reduce(0) { $0 + $1.byteRange.count }
      var done = 0
      for info in chosen {
        context.progress.report("spectrum", done, of: total, in: .bytes)
        done += info.byteRange.count
        let file = try checkpoint.file(holding: info.name)
        guard info.type.isReadable, info.shape.count == 2 || info.shape.count == 3 else {
          skipped.append(info.name)
          continue
        }
        rows +=
          info.type.resultType == .f32
          ? try spectra(of: info, in: file, as: Float.self) : try spectra(of: info, in: file, as: Double.self)
      }
    }
    return report(rows, skipped)
  }

  private func spectra<Element: MatrixScalar>(
    of info: TensorInfo, in file: SafetensorsFile, as type: Element.Type
  ) throws -> [Row] {
    if info.shape.count == 2 { return [row(info.name, try file.matrix(info.name, as: type))] }
    return try (0..<info.shape[0]).map { e in
      row("\(info.name)[\(e)]", try file.matrix(info.name, at: e, as: type))
    }
  }

  private func row<Element>(_ name: String, _ a: Matrix<Element>) -> Row {
    let spectrum = Result { () throws(LinearAlgebraError) in
      try a.checkFinite()
      return try (isCentered && a.rows > 0 ? a.centeredRows() : a).spectrum()
    }
    return Row(name: name, shape: [a.rows, a.columns], spectrum: spectrum)
  }

  private func report(_ rows: [Row], _ skipped: [String]) -> Report {
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
    let note = skipped.isEmpty ? "" : "\n\nskipped, not matrices: \(skipped.joined(separator: ", "))"
    return Report(
      members: [("tensors", .list(list)), ("skipped", .list(skipped.map(JSON.text)))],
      text: (rows.isEmpty ? "no matrices" : table.text) + note, table: "tensors")
  }
}
