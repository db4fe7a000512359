using System.Buffers;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Serving.Batching;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>A caller's tensors, and the outputs as they come in row by row.</summary>
/// <param name="inputs">Checked, in the graph's order.</param>
/// <param name="plan">The outputs wanted.</param>
/// <param name="mostBytes">Most bytes of all outputs together.</param>
internal sealed class TensorRequest(Tensor[] inputs, OutputPlan plan, int mostBytes) : ServeRequest
{
    private readonly Lock gate = new();
    private readonly Part[] outputs = new Part[plan.Names.Length];
    private long taken;

    public Tensor[] Inputs => inputs;

    public OutputPlan Plan => plan;

    /// <summary>First dimension of all inputs.</summary>
    public int Rows => (int)inputs[0].Shape[0];

    /// <summary>The outputs, when all rows ran.</summary>
    public Tensor[] Outputs() => [.. outputs.Select((part, i) => new Tensor(plan.Names[i], part.Type, part.Shape, part.Array.AsMemory(0, part.Length)))];

    /// <summary>What they lie in. Only of a request all of whose rows ran: a batch may still write into one that was given up.</summary>
    public RentedMemory Memory() => new([.. outputs.Select(part => part.Array)]);

    /// <summary>Takes a whole output.</summary>
    /// <exception cref="ProblemException"><c>request-too-large</c>.</exception>
    public void Take(int output, DataType type, long[] shape, ReadOnlySpan<byte> data)
    {
        Reserve(data.Length, rows: 1);
        outputs[output] = Rent(type, shape, data.Length);
        data.CopyTo(outputs[output].Array);
    }

    /// <summary>Takes one row of an output; rows of different batches may come at once.</summary>
    /// <param name="output">Ordinal of the output.</param>
    /// <param name="row">Ordinal of the row.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">The batch's shape, cut back to this row's length.</param>
    /// <param name="data">The row's bytes.</param>
    /// <exception cref="ProblemException">Rows are not of one size; <c>request-too-large</c>.</exception>
    public void TakeRow(int output, int row, DataType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> data)
    {
        lock (gate)
        {
            if (outputs[output].Array is null)
            {
                Reserve(data.Length, Rows);
                long[] whole = [Rows, .. shape[1..]];
                outputs[output] = Rent(type, whole, data.Length * Rows);
            }

            var part = outputs[output];
            if (part.Length != data.Length * Rows || !shape[1..].SequenceEqual(part.Shape.AsSpan(1)))
            {
                throw new ProblemException("model-output-mismatch", $"The rows of the output '{plan.Names[output]}' are not of one size.");
            }

            data.CopyTo(part.Array.AsSpan(row * data.Length));
        }
    }

    // Outputs can be far larger than what asks for them.
    private void Reserve(int bytes, int rows)
    {
        taken += (long)bytes * rows;
        if (taken > mostBytes)
        {
            throw new ProblemException("request-too-large", $"The outputs have more than {mostBytes} bytes; send the rows in several requests, or ask for fewer outputs.");
        }
    }

    // Every byte is written before anybody reads: each row fills its own part.
    private static Part Rent(DataType type, long[] shape, int length) => new(type, shape, ArrayPool<byte>.Shared.Rent(length), length);

    private readonly record struct Part(DataType Type, long[] Shape, byte[] Array, int Length);
}
