import Foundation
import LinearStructures

/// A call that is timed: prepared from files, run again and again, its last result written out.
protocol Operation: AnyObject {
  func run() throws
  func write(to url: URL) throws
}

/// An operation whose result is a list of tensors.
final class Call: Operation {
  private let body: () throws -> [NamedTensor]
  private var result: [NamedTensor] = []

  init(_ body: @escaping () throws -> [NamedTensor]) { self.body = body }

  func run() throws { result = try body() }

  func write(to url: URL) throws { try SafetensorsFile.write(result, to: url) }
}

/// The operation `name`, with a number after a colon where it takes one, on the arrays in these files.
func operation<Element: MatrixScalar>(
  _ name: String, _ files: [NumpyFile], as type: Element.Type
) throws -> any Operation {
  let words = name.split(separator: ":")
  let matrices = try files.map { try $0.matrix(as: type) }
  let a = matrices[0]
  switch (words.first.map(String.init), words.count > 1 ? Int(words[1]) : nil) {
  case ("svd", _):
    let method = words.count > 1 ? SVDMethod(rawValue: String(words[1])) : nil
    return Call { factors(try a.svd(method: method)) }
  case ("values", _): return Call { [NamedTensor("s", try a.singularValues())] }
  case ("few-rows", _): return Call { factors(try a.svd(vectors: .allLeft(right: 1))) }
  case ("rank", let k?):
    return Call {
      let svd = try a.svd(rank: k)
      return [NamedTensor("u", svd.u), NamedTensor("s", svd.singularValues), NamedTensor("vt", svd.vTransposed)]
    }
  case ("batch", let rows?):
    let batch = MatrixBatch(stacked: a, rows: rows)
    return Call {
      let svd = try batch.svd()
      return [
        NamedTensor("u", svd.u.stacked), NamedTensor("s", svd.singularValues),
        NamedTensor("vt", svd.vTransposed.stacked),
      ]
    }
  case ("low-rank", _):
    let product = LowRankProduct(left: a, right: matrices[1])
    return Call { factors(try product.svd()) }
  case ("eigen", _):
    return Call {
      let eigen = try a.symmetricEigen()
      return [NamedTensor("s", eigen.values), NamedTensor("vt", eigen.vectorsTransposed)]
    }
  case ("angles", _):
    let b = matrices[1]
    return Call { [NamedTensor("s", Vector(try PrincipalAngles(spanning: a, and: b).angles.map { Element($0) }))] }
  case ("product", _): return Call { [NamedTensor("product", a * matrices[1])] }
  case ("basis", _): return Call { [NamedTensor("q", try Basis(spanning: a).columns)] }
  case ("capture", _):
    let displacement = matrices[1].flattened
    return Call {
      let energy = try Basis(spanning: a).capture(of: displacement).energy.value ?? 0
      return [NamedTensor("energy", Vector([Element(energy)]))]
    }
  case ("qr", _):
    return Call {
      let qr = try a.qr()
      return [NamedTensor("q", qr.q), NamedTensor("r", qr.r)]
    }
  case ("cholesky", _): return Call { [NamedTensor("l", try a.cholesky().lower)] }
  case ("solve", _): return Call { [NamedTensor("x", try a.solve(matrices[1]))] }
  case ("least-squares", _): return Call { [NamedTensor("x", try a.leastSquares(matrices[1]).solution)] }
  default: throw WorkerError(message: "unknown operation \(name)")
  }
}

/// The decomposition of a tensor of few long rows, read from its file each time.
func fewRows(of url: URL) -> any Operation {
  Call {
    let file = try SafetensorsFile(url)
    let rows: Matrix<Float> = try file.matrix("x")
    return factors(try rows.svd(vectors: .allLeft(right: 1)))
  }
}

private func factors<Element>(_ svd: SVD<Element>) -> [NamedTensor] {
  [NamedTensor("u", svd.u), NamedTensor("s", svd.singularValues), NamedTensor("vt", svd.vTransposed)]
}

struct WorkerError: Error {
  let message: String
}
