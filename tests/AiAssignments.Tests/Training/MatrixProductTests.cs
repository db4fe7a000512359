using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Tests.Training;

public class MatrixProductTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 16, 8)]
    [InlineData(5, 23, 7)]
    [InlineData(16, 196, 33)]
    [InlineData(3, 3, 100)]
    [InlineData(9, 4, 17)]
    public void All_three_products_agree_with_the_schoolbook(int m, int n, int k)
    {
        var random = new SeededRandom((ulong)((m * 1000) + n + k));
        var a = Numbers(random, m * k);
        var b = Numbers(random, k * n);
        var start = Numbers(random, m * n);

        var expected = new double[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                expected[(i * n) + j] = start[(i * n) + j];
                for (var p = 0; p < k; p++)
                {
                    expected[(i * n) + j] += (double)a[(i * k) + p] * b[(p * n) + j];
                }
            }
        }

        float[] plain = [.. start];
        MatrixProduct.Add(a, b, plain, m, n, k);
        float[] left = [.. start];
        MatrixProduct.AddTransposedLeft(Transpose(a, m, k), b, left, m, n, k);
        float[] right = [.. start];
        MatrixProduct.AddTransposedRight(a, Transpose(b, k, n), right, m, n, k);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(plain[i], expected[i] - 1e-4, expected[i] + 1e-4);
            Assert.InRange(left[i], expected[i] - 1e-4, expected[i] + 1e-4);
            Assert.InRange(right[i], expected[i] - 1e-4, expected[i] + 1e-4);
        }
    }

    [Fact]
    public void Spans_that_are_too_short_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.Add(new float[5], new float[6], new float[4], 2, 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixProduct.AddTransposedRight(new float[6], new float[6], new float[3], 2, 2, 3));
    }

    private static float[] Numbers(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextUniform(1))];

    private static float[] Transpose(float[] matrix, int rows, int columns)
    {
        var result = new float[matrix.Length];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                result[(j * rows) + i] = matrix[(i * columns) + j];
            }
        }

        return result;
    }
}
