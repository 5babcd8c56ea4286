import Foundation
import Tensor
import _TestSupport
import Testing

/// The test matrices, by formula: `Fixtures/make_fixtures.py` makes the same ones.
enum Family: String, CaseIterable, Sendable {
  case random
  case rankDeficient = "rank-deficient"
  case graded
  case hilbert
  case kahan
  case repeatedColumns = "repeated columns"
  case zeroColumns = "zero columns"

  func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
    switch self {
    case .random:
      return uniform(rows, columns, seed: 1)
    case .rankDeficient:
      let rank = max(1, min(rows, columns) / 3)
      return uniform(rows, rank, seed: 2) * uniform(rank, columns, seed: 3)
    case .graded:
      let base = uniform(rows, columns, seed: 4)
      return Matrix(rows: rows, columns: columns) { i, j in
        base[i, j] * pow(10, -8 * Double(j) / Double(max(columns, 1)))
      }
    case .hilbert:
      return Matrix(rows: rows, columns: columns) { i, j in 1 / Double(i + j + 1) }
    case .kahan:
      let c = 0.285
      return Matrix(rows: rows, columns: columns) { i, j in
        pow(1 - c * c, 0.5 * Double(i)) * (i == j ? 1 : j > i ? -c : 0)
      }
    case .repeatedColumns:
      let base = uniform(rows, columns, seed: 5)
      return Matrix(rows: rows, columns: columns) { i, j in base[i, j % max(1, (columns + 1) / 2)] }
    case .zeroColumns:
      let base = uniform(rows, columns, seed: 6)
      return Matrix(rows: rows, columns: columns) { i, j in j % 3 == 1 ? 0 : base[i, j] }
    }
  }
}

/// Results of numpy and scipy on the same matrices.
struct Reference: Decodable, Sendable {
  struct Values: Decodable, Sendable {
    let family: String
    let rows: Int
    let columns: Int
    let values: [Double]
  }
  struct Measures: Decodable, Sendable {
    let participation_ratio: Double
    let stable_rank: Double
    let entropy_rank_energy: Double
    let entropy_rank_values: Double
    let condition: Double
    let rank_90: Int
    let matrix_rank: Int
  }
  let singular_values: [Values]
  let solve: [Double]
  let eigenvalues: [Double]
  let cholesky: [Double]
  let r: [Double]
  let least_squares: [Double]
  let deficient_least_squares: [Double]
  let deficient_rank: Int
  let norms: [Double]
  let product: [Double]
  let orth_rank: Int
  let spectrum: Measures

  static func load() throws -> Reference {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/reference.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }
}
