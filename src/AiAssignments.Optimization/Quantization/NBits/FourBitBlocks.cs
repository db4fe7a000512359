namespace AiAssignments.Optimization.Quantization.NBits;

/// <summary>
/// Weights of 4 bits as ONNX Runtime's <c>MatMulNBits</c> stores them: for each output, blocks along the inputs; two weights a byte, the first one in the low
/// bits; <c>value = (q - zeroPoint) * scale</c>, the zero point 8 where none is stored.
/// </summary>
/// <param name="Values">[outputs, blocks, block size / 2].</param>
/// <param name="Scales">[outputs, blocks].</param>
/// <param name="ZeroPoints">[outputs, (blocks + 1) / 2], two a byte; <c>null</c> when symmetric.</param>
/// <param name="Blocks">Blocks for each output.</param>
internal sealed record FourBitBlocks(byte[] Values, float[] Scales, byte[]? ZeroPoints, int Blocks)
{
    private const int Middle = 8;
    private const int Most = 15;

    /// <summary>Bytes that a matrix takes in this form, values, scales and zero points together.</summary>
    /// <param name="inputs">Its rows.</param>
    /// <param name="outputs">Its columns.</param>
    /// <param name="blockSize">Weights of one output that share a scale.</param>
    /// <param name="isSymmetric">Without zero points.</param>
    public static long Size(long inputs, long outputs, int blockSize, bool isSymmetric)
    {
        var blocks = (inputs + blockSize - 1) / blockSize;
        return outputs * ((blocks * ((blockSize / 2) + sizeof(float))) + (isSymmetric ? 0 : (blocks + 1) / 2));
    }

    /// <summary>Quantizes a matrix, row-major [inputs, outputs] and finite, whose <see cref="Size"/> is below 2^31.</summary>
    public static FourBitBlocks Quantize(ReadOnlySpan<float> weights, int inputs, int outputs, int blockSize, bool isSymmetric)
    {
        var blocks = (inputs + blockSize - 1) / blockSize;
        var (values, scales) = (new byte[(long)outputs * blocks * (blockSize / 2)], new float[outputs * blocks]);
        var zeros = isSymmetric ? null : new byte[outputs * ((blocks + 1) / 2)];
        Span<float> block = stackalloc float[blockSize];
        for (var output = 0; output < outputs; output++)
        {
            for (var b = 0; b < blocks; b++)
            {
                var filled = Math.Min(blockSize, inputs - (b * blockSize));
                for (var i = 0; i < filled; i++)
                {
                    block[i] = weights[(((b * blockSize) + i) * outputs) + output];
                }

                var (scale, zero) = isSymmetric ? (Symmetric(block[..filled]), Middle) : Asymmetric(block[..filled]);
                scales[(output * blocks) + b] = scale;
                if (zeros is not null)
                {
                    zeros[(output * ((blocks + 1) / 2)) + (b / 2)] |= (byte)(zero << (4 * (b % 2)));
                }

                // What fills up the last block is zero when read back.
                var at = ((output * blocks) + b) * (blockSize / 2);
                for (var i = 0; i < blockSize; i++)
                {
                    var q = i < filled ? (int)Math.Clamp(MathF.Round(block[i] / scale, MidpointRounding.ToEven) + zero, 0, Most) : zero;
                    values[at + (i / 2)] |= (byte)(q << (4 * (i % 2)));
                }
            }
        }

        return new(values, scales, zeros, blocks);
    }

    // The number of largest magnitude becomes -8, the one end that has no opposite: the scale takes its sign.
    private static float Symmetric(ReadOnlySpan<float> block)
    {
        var largest = 0f;
        foreach (var value in block)
        {
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        }

        var scale = largest / -Middle;
        return float.IsNormal(scale) ? scale : 1f;
    }

    private static (float Scale, int Zero) Asymmetric(ReadOnlySpan<float> block) =>
        Numerics.LinearQuantizer.Asymmetric(System.Numerics.Tensors.TensorPrimitives.Min(block), System.Numerics.Tensors.TensorPrimitives.Max(block), Most);
}
