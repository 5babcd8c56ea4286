public import Tensor

/// The largest difference of two matrices in magnitude; NaN where an entry is.
public func distance<Element>(_ a: Matrix<Element>, _ b: Matrix<Element>) -> Double { (a - b).norm(.maximum) }

/// The largest entry of QᵀQ − I in magnitude.
public func orthonormalityDefect<Element>(_ q: Matrix<Element>) -> Double {
  distance(q.gram(.columns), .identity(q.columns))
}

/// c·ε·n·scale, the form of every tolerance in the tests.
public func tolerance<Element: MatrixScalar>(
  _ type: Element.Type, _ n: Int, scale: Double = 1, factor c: Double = 8
) -> Double {
  c * Double(Element.ulpOfOne) * Double(max(n, 1)) * scale
}

/// Whether two numbers agree to a relative tolerance.
public func agree(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * max(abs(a), abs(b))
}
