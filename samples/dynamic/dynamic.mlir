// Any number of samples, less their mean.
func.func @center(%samples: tensor<?xf32>) -> (tensor<?xf32>, tensor<f32>) {
  %zero = arith.constant dense<0.0> : tensor<f32>
  %sum = linalg.reduce ins(%samples : tensor<?xf32>) outs(%zero : tensor<f32>) dimensions = [0]
      (%sample: f32, %so_far: f32) {
        %next = arith.addf %so_far, %sample : f32
        linalg.yield %next : f32
      }
  %c0 = arith.constant 0 : index
  %length = tensor.dim %samples, %c0 : tensor<?xf32>
  %count = arith.index_cast %length : index to i32
  %divisor = arith.sitofp %count : i32 to f32
  %divisors = tensor.from_elements %divisor : tensor<f32>
  %mean = arith.divf %sum, %divisors : tensor<f32>
  %empty = tensor.empty(%length) : tensor<?xf32>
  %means = linalg.broadcast ins(%mean : tensor<f32>) outs(%empty : tensor<?xf32>) dimensions = [0]
  %centered = arith.subf %samples, %means : tensor<?xf32>
  return %centered, %mean : tensor<?xf32>, tensor<f32>
}
