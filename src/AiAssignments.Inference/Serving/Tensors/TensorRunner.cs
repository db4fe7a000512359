using System.Buffers;
using System.Buffers.Binary;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving.Batching;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>Runs tensors as they are: several callers' rows as one batch, shorter ones padded, the outputs cut back.</summary>
/// <param name="graph">The graph.</param>
/// <param name="package">The model.</param>
/// <param name="padId">Fills short rows of ids; all other inputs are filled with 0.</param>
/// <param name="idsPerPosition">Ids that make one position of the output.</param>
internal sealed class TensorRunner(GraphSession graph, ModelPackage package, int padId, int idsPerPosition) : IBatchRunner
{
    private readonly string[] names = [.. package.Signature.Inputs.Select(input => input.Name)];

    /// <inheritdoc />
    public TimeSpan Run(List<QueuedRow> rows)
    {
        var first = (TensorRow)rows[0];
        var memory = new List<byte[]>();
        var pins = new List<MemoryHandle>();
        var values = new List<OrtValue>();
        try
        {
            for (var input = 0; input < names.Length; input++)
            {
                var tensor = first.Tensors.Inputs[input];
                var (data, shape) = first.Row < 0 ? (tensor.Data, [.. tensor.Shape]) : Gather(rows, input, memory);
                pins.Add(data.Pin());
                values.Add(Value(tensor.Type, shape, pins[^1], data.Length));
            }

            var plan = first.Tensors.Plan;
            return Run(values, plan.Names, outputs =>
            {
                for (var output = 0; output < outputs.Count; output++)
                {
                    Scatter(rows, output, outputs[output]);
                }
            });
        }
        finally
        {
            values.ForEach(value => value.Dispose());
            pins.ForEach(pin => pin.Dispose());
            memory.ForEach(rented => ArrayPool<byte>.Shared.Return(rented));
        }
    }

    // How many ids a graph knows stands in the shape of one of its weights, behind whatever operators; the runtime says it when an id is outside of them.
    private TimeSpan Run(List<OrtValue> values, string[] wanted, GraphSession.OutputsReader read)
    {
        try
        {
            return graph.Run(names, values, wanted, read);
        }
        catch (ProblemException failed) when (failed.InnerException is OnnxRuntimeException said && UnknownId.Read(said.Message) is { } found)
        {
            throw new ProblemException(TensorDoor.Unfit(found, null).Problem, failed);
        }
    }

    private static unsafe OrtValue Value(DataType type, long[] shape, MemoryHandle pin, int length) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, (TensorElementType)(int)type, shape, (nint)pin.Pointer, length);

    private (ReadOnlyMemory<byte> Data, long[] Shape) Gather(List<QueuedRow> rows, int input, List<byte[]> memory)
    {
        var tensor = ((TensorRow)rows[0]).Tensors.Inputs[input];
        var longest = rows.Max(row => RowBytes(row, input));
        var size = checked(rows.Count * longest);
        var rented = ArrayPool<byte>.Shared.Rent(size);
        memory.Add(rented);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = (TensorRow)rows[i];
            var length = RowBytes(row, input);
            var target = rented.AsSpan(i * longest, longest);
            row.Tensors.Inputs[input].Data.Span.Slice(row.Row * length, length).CopyTo(target);
            Pad(target[length..], tensor);
        }

        long[] shape = [rows.Count, .. tensor.Shape.Skip(1)];
        if (((TensorRow)rows[0]).Tensors.Plan.Paddable)
        {
            shape[1] = longest / TensorTypes.Size(tensor.Type);
        }

        return (rented.AsMemory(0, size), shape);
    }

    private static int RowBytes(QueuedRow row, int input)
    {
        var request = ((TensorRow)row).Tensors;
        return request.Inputs[input].Data.Length / request.Rows;
    }

    private void Pad(Span<byte> rest, Tensor tensor)
    {
        if (tensor.Name != package.Binding.Ids || padId == 0)
        {
            rest.Clear();
        }
        else if (tensor.Type == DataType.Int32)
        {
            for (; rest.Length > 0; rest = rest[4..])
            {
                BinaryPrimitives.WriteInt32LittleEndian(rest, padId);
            }
        }
        else
        {
            for (; rest.Length > 0; rest = rest[8..])
            {
                BinaryPrimitives.WriteInt64LittleEndian(rest, padId);
            }
        }
    }

    private void Scatter(List<QueuedRow> rows, int output, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var type = (DataType)(int)info.ElementDataType;
        var size = TensorTypes.Size(type);
        var first = ((TensorRow)rows[0]).Tensors;
        var name = first.Plan.Names[output];
        if (size == 0)
        {
            throw new ProblemException("model-output-mismatch", $"The graph gave '{name}' as {type}, which cannot travel.");
        }

        var shape = info.Shape;
        var data = value.GetTensorMutableRawData();
        if (((TensorRow)rows[0]).Row < 0)
        {
            first.Take(output, type, shape, data);
            return;
        }

        if (shape.Length == 0 || shape[0] != rows.Count)
        {
            throw new ProblemException("model-output-mismatch", $"The graph gave '{name}' as [{string.Join(", ", shape)}] for {rows.Count} rows; one part a row is needed.", package.OnnxPath);
        }

        var bytes = data.Length / rows.Count;
        var cuts = first.Plan is { Paddable: true } plan && plan.Cut[output] && shape.Length > 1 && shape[1] > 0;
        var position = cuts ? bytes / (int)shape[1] : 0;
        for (var i = 0; i < rows.Count; i++)
        {
            var row = (TensorRow)rows[i];
            var length = bytes;
            if (cuts)
            {
                shape[1] = row.Length / idsPerPosition;
                length = (int)shape[1] * position;
            }

            row.Tensors.TakeRow(output, row.Row, type, shape, data.Slice(i * bytes, length));
        }
    }
}
