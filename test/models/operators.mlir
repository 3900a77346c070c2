// Several functions, types and kinds of state in one model: what a host program may have to do.

util.global private mutable @total = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
util.global private mutable @calls = dense<0> : tensor<i32>

// Two inputs, two outputs of different types, a constant in flash.
func.func @affine(%x: tensor<3x5xf32>, %y: tensor<5x4xf32>) -> (tensor<3x4xf32>, tensor<3x4xi8>) {
  %bias = arith.constant dense<[[0.5, -1.25, 2.0, 3.0], [1.0, -7.5, 0.25, 1.5], [-0.5, 4.0, 8.0, 2.5]]> : tensor<3x4xf32>
  %zero = arith.constant dense<0.0> : tensor<3x4xf32>
  %p = linalg.matmul ins(%x, %y : tensor<3x5xf32>, tensor<5x4xf32>) outs(%zero : tensor<3x4xf32>) -> tensor<3x4xf32>
  %product = arith.addf %p, %bias : tensor<3x4xf32>
  %scale = arith.constant dense<10.0> : tensor<3x4xf32>
  %scaled = arith.mulf %bias, %scale : tensor<3x4xf32>
  %difference = arith.subf %scaled, %product : tensor<3x4xf32>
  %quantized = arith.fptosi %difference : tensor<3x4xf32> to tensor<3x4xi8>
  return %product, %quantized : tensor<3x4xf32>, tensor<3x4xi8>
}

// Integers of three widths.
func.func @integers(%a: tensor<6xi8>, %b: tensor<6xi32>, %c: tensor<6xi64>) -> (tensor<6xi32>, tensor<6xi64>, tensor<6xi8>) {
  %wide = arith.extsi %a : tensor<6xi8> to tensor<6xi32>
  %product = arith.muli %wide, %b : tensor<6xi32>
  %wider = arith.extsi %product : tensor<6xi32> to tensor<6xi64>
  %sum = arith.addi %wider, %c : tensor<6xi64>
  %narrow = arith.trunci %sum : tensor<6xi64> to tensor<6xi8>
  return %product, %sum, %narrow : tensor<6xi32>, tensor<6xi64>, tensor<6xi8>
}

// Scalars by value: known only at run time.
func.func @scaled(%x: tensor<2x4xf32>, %factor: f32, %offset: i64, %few: i8) -> tensor<2x4xf32> {
  %o = arith.sitofp %offset : i64 to f32
  %f = arith.sitofp %few : i8 to f32
  %empty = tensor.empty() : tensor<2x4xf32>
  %r = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<2x4xf32>) outs(%empty : tensor<2x4xf32>) {
    ^bb0(%e: f32, %unused: f32):
      %m = arith.mulf %e, %factor : f32
      %n = arith.addf %m, %o : f32
      %p = arith.subf %n, %f : f32
      linalg.yield %p : f32
  } -> tensor<2x4xf32>
  return %r : tensor<2x4xf32>
}

// Global variables: a call changes what the next one sees.
func.func @accumulate(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<i32>) {
  %old = util.global.load @total : tensor<4xf32>
  %new = arith.addf %old, %x : tensor<4xf32>
  util.global.store %new, @total : tensor<4xf32>
  %n = util.global.load @calls : tensor<i32>
  %one = arith.constant dense<1> : tensor<i32>
  %m = arith.addi %n, %one : tensor<i32>
  util.global.store %m, @calls : tensor<i32>
  return %old, %m : tensor<4xf32>, tensor<i32>
}

// Hands its input through; the second one is unused.
func.func @through(%x: tensor<2x2xi32>, %unused: tensor<3xi8>) -> (tensor<2x2xi32>, tensor<2x2xi32>) {
  %twice = arith.addi %x, %x : tensor<2x2xi32>
  return %x, %twice : tensor<2x2xi32>, tensor<2x2xi32>
}

// Neither inputs nor kernels.
func.func @constant() -> tensor<5xi64> {
  %c = arith.constant dense<[1, -2, 3, -4, 5000000000]> : tensor<5xi64>
  return %c : tensor<5xi64>
}
