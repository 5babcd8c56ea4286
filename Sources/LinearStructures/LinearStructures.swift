@_exported public import Extrapolate
@_exported public import Nulls
@_exported public import Runs
@_exported public import Steering
@_exported public import Subspace
@_exported public import Tensor
@_exported public import TensorIO
