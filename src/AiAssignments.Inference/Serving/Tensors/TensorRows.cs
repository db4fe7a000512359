using System.Globalization;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Serving.Batching;

namespace AiAssignments.Inference.Serving.Tensors;

/// <summary>Decides which tensors may share a batch, and takes them apart.</summary>
/// <param name="binding">The graph's inputs.</param>
/// <param name="records">Kind of the rows that records make: its bounds hold here, too.</param>
/// <param name="runner">Runs tensors.</param>
internal sealed class TensorRows(ModelBinding binding, RowKind records, IBatchRunner runner)
{
    private const long MostBytes = 64L << 20;

    // What a run that cannot be shared out may have, in batches.
    private const long BatchesAlone = 16;

    /// <summary>Rows that a request with these tensors makes.</summary>
    public static int Count(TensorRequest request) => request.Plan.Splittable ? request.Rows : 1;

    /// <summary>Refuses rows that only one run could answer, and that are more than a run takes.</summary>
    /// <exception cref="Core.Errors.ProblemException"><c>request-too-large</c>.</exception>
    public void Check(TensorRequest request)
    {
        if (request.Plan.Splittable || binding.FixedBatch is not null)
        {
            return;
        }

        var length = request.Inputs.First(input => input.Name == binding.Ids).Shape is [_, var ids] ? ids : 1;
        var most = Math.Min(records.MostRows, records.MostTokens == int.MaxValue ? int.MaxValue : Math.Max(1, BatchesAlone * records.MostTokens / length));
        if (request.Rows > most)
        {
            throw new Core.Errors.ProblemException(
                "request-too-large",
                string.Create(CultureInfo.InvariantCulture, $"The request has {request.Rows} rows, and an output asked for has no part of each row, so that they cannot be shared out; send at most {most} at once."));
        }
    }

    /// <summary>Takes them apart and sets the request's kind.</summary>
    public List<QueuedRow> Make(TensorRequest request)
    {
        var plan = request.Plan;
        if (!plan.Splittable)
        {
            // Equal to no other request's kind.
            request.Kind = new(runner, $"alone {Guid.NewGuid():N}", 1, int.MaxValue, SharesOut: false);
            return [new TensorRow(request, -1, 1)];
        }

        var shape = string.Join(',', plan.Names);
        var length = 1;
        if (plan.Paddable)
        {
            length = (int)request.Inputs.First(input => input.Name == binding.Ids).Shape[1];
            request.Kind = new(runner, shape, records.MostRows, records.MostTokens);
        }
        else
        {
            // A comma, which may be in a name as well, cannot make two shapes one: they are written behind all names.
            var sizes = string.Join(';', request.Inputs.Select(input => string.Join('x', input.Shape.Skip(1))));
            var elements = request.Inputs.Max(input => input.Shape.Skip(1).Aggregate(1L, (product, size) => product * size));
            var bytes = request.Inputs.Sum(input => (long)input.Data.Length) / request.Rows;
            var most = Math.Min(records.MostRows, MostBytes / Math.Max(1, bytes));
            if (binding.IntegerType != Onnx.TensorProto.Types.DataType.Undefined)
            {
                most = Math.Min(most, records.MostTokens / elements);
            }

            request.Kind = new(runner, $"{shape}|{sizes}", (int)Math.Max(1, most), int.MaxValue);
        }

        var rows = new List<QueuedRow>(request.Rows);
        for (var row = 0; row < request.Rows; row++)
        {
            rows.Add(new TensorRow(request, row, length));
        }

        return rows;
    }
}
