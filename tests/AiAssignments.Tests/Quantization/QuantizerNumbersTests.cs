using AiAssignments.Optimization.Quantization;
using AiAssignments.Optimization.Quantization.Calibration;
using AiAssignments.Optimization.Quantization.Half;
using AiAssignments.Optimization.Quantization.NBits;
using AiAssignments.Optimization.Quantization.Numerics;

namespace AiAssignments.Tests.Quantization;

/// <summary>Numbers worked out by hand from the formulae of the ONNX operators.</summary>
public sealed class QuantizerNumbersTests
{
    [Theory]
    [InlineData(0.5f, 0)]
    [InlineData(1.5f, 2)]
    [InlineData(2.5f, 2)]
    [InlineData(-0.5f, 0)]
    [InlineData(-1.5f, -2)]
    [InlineData(1000f, 127)]
    [InlineData(-1000f, -128)]
    public void Half_goes_to_even_and_the_ends_hold(float value, int expected) =>
        Assert.Equal(expected, LinearQuantizer.Quantize(value, 1, 0, -128, 127));

    [Fact]
    public void The_example_of_DynamicQuantizeLinear_comes_out()
    {
        // Operators.md of ONNX: x = [0, 2, -3, -2.5, 1.34, 0.5] gives y = [153, 255, 0, 26, 221, 179], scale 5/255, zero point 153.
        float[] x = [0, 2, -3, -2.5f, 1.34f, 0.5f];
        var quantized = LinearQuantizer.Quantize(x, 1, x.Length, new WeightFormat(IsSymmetric: false, IsPerChannel: false, IsReduced: false));

        Assert.Equal([153, 255, 0, 26, 221, 179], quantized.Values);
        Assert.Equal(5f / 255, quantized.Scales[0]);
        Assert.Equal(153, quantized.ZeroPoints[0]);
    }

    [Fact]
    public void Channels_have_scales_of_their_own()
    {
        // Columns [1, -2] and [0, 127]: scales 2/127 and 1; 1 is 63.5 steps, and half goes to the even 64.
        var columns = LinearQuantizer.Quantize([1, 0, -2, 127], 2, 1, new WeightFormat(true, true, false));
        Assert.Equal([2f / 127, 1f], columns.Scales);
        Assert.Equal([64, 0, -127, 127], columns.Values.Select(value => (int)(sbyte)value));

        // Rows [1, 0] and [-2, 127], in 7 bits: scales 1/64 and 127/64; -2 is -1.008 steps.
        var rows = LinearQuantizer.Quantize([1, 0, -2, 127], 2, 2, new WeightFormat(true, true, true));
        Assert.Equal([1f / 64, 127f / 64], rows.Scales);
        Assert.Equal([64, 0, -1, 64], rows.Values.Select(value => (int)(sbyte)value));
    }

    [Fact]
    public void Zeros_and_one_sided_ranges_are_exact()
    {
        var zeros = LinearQuantizer.Quantize([0, 0, 0], 1, 3, new WeightFormat(true, false, false));
        Assert.Equal(1f, zeros.Scales[0]);
        Assert.Equal([0, 0, 0], zeros.Values);
        Assert.Equal((2f / 255, 0), LinearQuantizer.Asymmetric(1, 2, 255));
        Assert.Equal((2f / 255, 255), LinearQuantizer.Asymmetric(-2, -1, 255));
        Assert.Equal((1f, 0), LinearQuantizer.Asymmetric(0, 0, 255));
    }

    [Fact]
    public void Four_bits_are_packed_low_first()
    {
        // One output, 16 inputs in one block: -8 has the largest magnitude, so the scale is 1 and q = value + 8.
        float[] weights = [-8, 7, 0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, -7];
        var blocks = FourBitBlocks.Quantize(weights, 16, 1, 16, isSymmetric: true);
        Assert.Equal([1f], blocks.Scales);
        Assert.Equal([0xF0, 0x98, 0xA7, 0xB6, 0xC5, 0xD4, 0xE3, 0x12], blocks.Values);
        Assert.Null(blocks.ZeroPoints);

        // A positive largest one turns the scale's sign: 8 becomes -8 * -1.
        Assert.Equal([-1f], FourBitBlocks.Quantize([8f, -4f], 2, 1, 16, isSymmetric: true).Scales);

        // From -5 to 10: 15 steps of 1, zero point 5; blocks of two outputs; the rest of the block reads back as zero.
        var asymmetric = FourBitBlocks.Quantize([-5f, 0f, 10f, 15f], 2, 2, 16, isSymmetric: false);
        Assert.Equal([1f, 1f], asymmetric.Scales);
        Assert.Equal([0x05, 0x00], asymmetric.ZeroPoints!);
        Assert.Equal([0xF0, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xF0, 0, 0, 0, 0, 0, 0, 0], asymmetric.Values);
    }

    [Fact]
    public void Half_precision_keeps_finite_numbers_finite_and_small_ones_above_zero()
    {
        var (halves, clamped) = HalfNumbers.Convert([1f, 1e6f, -1e6f, 1e-12f, -1e-12f, float.NegativeInfinity, 0f, 2049f]);
        Assert.Equal(4, clamped);
        Assert.Equal([1f, 65504f, -65504f, 5.9604645e-8f, -5.9604645e-8f, float.NegativeInfinity, 0f, 2048f], halves.Select(value => (float)value));
    }

    [Fact]
    public void Ranges_follow_the_method()
    {
        var batches = new[] { new[] { -1f, 0f, 1f }, [-3f, 0f, 2f] };
        Assert.Equal(new ValueRange(-3, 2), Range(CalibrationMethod.MinMax, 100, batches));

        // -1 + 0.01 * (-3 + 1) and 1 + 0.01 * (2 - 1).
        var average = Range(CalibrationMethod.MovingAverage, 100, batches);
        Assert.Equal(-1.02f, average.Low, 1e-6f);
        Assert.Equal(1.01f, average.High, 1e-6f);
        Assert.Null(new RangeObserver(CalibrationMethod.MinMax, 100).Range());
        var strange = new RangeObserver(CalibrationMethod.Entropy, 100);
        strange.See([float.NaN, float.PositiveInfinity]);
        Assert.Null(strange.Range());
    }

    [Fact]
    public void Percentile_leaves_out_both_ends()
    {
        // 0.5, 1.5 ... 999.5 and one outlier of a million, in separate batches: bins are merged on the way, to a width below 1,000.
        var many = Enumerable.Range(0, 1000).Select(i => i + 0.5f).ToArray();
        var range = Range(CalibrationMethod.Percentile, 99, many, [1e6f]);
        Assert.InRange(range.High, 990, 2100);
        var fine = Range(CalibrationMethod.Percentile, 98, many);
        Assert.Equal(989.5f, fine.High, 1.5f);
        Assert.Equal(10.5f, fine.Low, 1.5f);
        Assert.Equal(new ValueRange(0.5f, 999.5f), Range(CalibrationMethod.Percentile, 100, many));
    }

    [Fact]
    public void Entropy_cuts_a_tail_and_keeps_a_uniform_range()
    {
        var random = new Random(1);
        var normal = TestGraphs.Normal(5, 100_000, 1);
        var clipped = Range(CalibrationMethod.Entropy, 100, normal, [-100f, 100f]);
        Assert.InRange(clipped.High, 3, 20);
        var uniform = Enumerable.Range(0, 100_000).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
        Assert.InRange(Range(CalibrationMethod.Entropy, 100, uniform).High, 0.97f, 1f);

        // A rectifier's zeros, nine of ten values, change nothing: any scale has them.
        var rectified = normal.Where(value => value > 0).ToArray();
        float[] withZeros = [.. rectified, .. new float[9 * rectified.Length]];
        Assert.Equal(Range(CalibrationMethod.Entropy, 100, rectified).High, Range(CalibrationMethod.Entropy, 100, withZeros).High);
    }

    [Theory]
    [InlineData("layer*.query", "layer12.query", true)]
    [InlineData("*query*", "layer12.query/MatMul", true)]
    [InlineData("layer?.query", "layer12.query", false)]
    [InlineData("layer12.query", "layer12.query", true)]
    [InlineData("*a*b", "xaxxb", true)]
    [InlineData("*a*b", "xaxxbc", false)]
    [InlineData("", "x", false)]
    public void Patterns_match_whole_names(string pattern, string name, bool expected) => Assert.Equal(expected, NodeSelection.Matches(pattern, name));

    [Fact]
    public void This_processor_has_what_the_runtime_says()
    {
        Assert.Equal(System.Runtime.Intrinsics.X86.Avx2.IsSupported, InstructionSets.Here.Names.Contains("avx2"));
        Assert.Equal(System.Runtime.Intrinsics.X86.AvxVnni.IsSupported, InstructionSets.Here.Names.Contains("avx-vnni"));
        Assert.Equal(!System.Runtime.Intrinsics.X86.X86Base.IsSupported || InstructionSets.Here.Names.Any(name => name.EndsWith("vnni", StringComparison.Ordinal)), InstructionSets.Here.SumsExactly);
    }

    private static ValueRange Range(CalibrationMethod method, double percentile, params float[][] batches)
    {
        var observer = new RangeObserver(method, percentile);
        foreach (var batch in batches)
        {
            observer.See(batch);
        }

        return observer.Range()!.Value;
    }
}
