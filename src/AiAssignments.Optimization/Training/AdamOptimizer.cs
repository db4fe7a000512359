using System.Numerics;
using AiAssignments.Optimization.Training.Numerics;

namespace AiAssignments.Optimization.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) with decoupled weight decay. Sparse parameters are moved lazily: a row that no example of the batch touched stays as it is, and so do its moments.
/// </summary>
internal sealed class AdamOptimizer
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly IReadOnlyList<Parameter> parameters;
    private readonly float[][] first;
    private readonly float[][] second;
    private int step;

    public AdamOptimizer(IReadOnlyList<Parameter> parameters)
    {
        this.parameters = parameters;
        first = [.. parameters.Select(parameter => new float[parameter.Values.Length])];
        second = [.. parameters.Select(parameter => new float[parameter.Values.Length])];
    }

    /// <summary>Writes what a step changes besides the parameters.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(step);
        FloatArrays.Write(writer, first);
        FloatArrays.Write(writer, second);
    }

    /// <summary>Goes on where <see cref="Write"/> was called.</summary>
    public void Read(BinaryReader reader)
    {
        step = reader.ReadInt32();
        FloatArrays.Read(reader, first);
        FloatArrays.Read(reader, second);
    }

    public void Step(Gradients gradients, double rate, double weightDecay)
    {
        step++;
        var size = (float)(rate * Math.Sqrt(1 - Math.Pow(Beta2, step)) / (1 - Math.Pow(Beta1, step)));
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            var kept = parameter.Decays ? (float)(1 - (rate * weightDecay)) : 1;
            if (!parameter.IsSparse)
            {
                Move(parameter.Values, gradients.Dense(parameter), first[i], second[i], size, kept);
                continue;
            }

            var rows = gradients.Sparse(parameter);
            for (var place = 0; place < rows.Count; place++)
            {
                var start = rows.Rows[place] * parameter.Columns;
                Move(
                    parameter.Values.AsSpan(start, parameter.Columns),
                    rows.At(place),
                    first[i].AsSpan(start, parameter.Columns),
                    second[i].AsSpan(start, parameter.Columns),
                    size,
                    kept);
            }
        }
    }

    private static void Move(Span<float> values, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, float size, float kept)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradients[i..]);
            var m = (new Vector<float>(first[i..]) * Beta1) + (g * (1 - Beta1));
            var v = (new Vector<float>(second[i..]) * Beta2) + (g * g * (1 - Beta2));
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            var moved = (new Vector<float>(values[i..]) * kept) - (m * size / (Vector.SquareRoot(v) + new Vector<float>(Epsilon)));
            moved.CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            var g = gradients[i];
            first[i] = (first[i] * Beta1) + (g * (1 - Beta1));
            second[i] = (second[i] * Beta2) + (g * g * (1 - Beta2));
            values[i] = (values[i] * kept) - (first[i] * size / (MathF.Sqrt(second[i]) + Epsilon));
        }
    }
}
