using System.Runtime.InteropServices;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Records;

/// <summary>Makes outputs of predictions, and predictions of outputs.</summary>
internal static class PredictionTensors
{
    private static readonly RequestedOutput[] Usual = [new(RecordTensorNames.Probabilities, null, null)];

    /// <summary>The outputs asked for; the probabilities when none is named.</summary>
    public static IReadOnlyList<RequestedOutput> Wanted(InferRequest request) => request.Outputs.Count == 0 ? Usual : request.Outputs;

    /// <summary>Writes the outputs asked for.</summary>
    /// <exception cref="ProblemException"><c>tensor-unfit</c>: an output is unknown; or the problem of a record, when <c>error</c> was not asked for.</exception>
    public static IReadOnlyList<Tensor> Write(ServedPredictions served, IReadOnlyList<RequestedOutput> wanted)
    {
        if (wanted.All(output => output.Name != RecordTensorNames.Error) && served.Records.FirstOrDefault(record => record.Error is not null)?.Error is { } error)
        {
            throw new ProblemException(error.Code, error.Message, $"record {error.Position.Index}");
        }

        return [.. wanted.Select(output => Write(served, output.Name))];
    }

    /// <summary>Reads what <see cref="Write(ServedPredictions, IReadOnlyList{RequestedOutput})"/> wrote with all outputs.</summary>
    /// <param name="records">The records that were asked about.</param>
    /// <param name="labels">Labels of the model.</param>
    /// <param name="outputs">The outputs.</param>
    /// <exception cref="ProblemException"><c>tensor-invalid</c>: the outputs do not fit the records.</exception>
    public static IReadOnlyList<ScoredRecord> Read(IReadOnlyList<DatasetRecord> records, int labels, IReadOnlyList<Tensor> outputs)
    {
        var rows = records.Sum(RowsOf);
        var probabilities = MemoryMarshal.Cast<byte, float>(Find(outputs, RecordTensorNames.Probabilities, DataType.Float, rows, labels).Data.Span);
        var logits = outputs.Any(output => output.Name == RecordTensorNames.Logits)
            ? MemoryMarshal.Cast<byte, float>(Find(outputs, RecordTensorNames.Logits, DataType.Float, rows, labels).Data.Span)
            : default;
        var truncated = Find(outputs, RecordTensorNames.Truncated, DataType.Bool, records.Count).Data.Span;
        var errors = BytesTensor.Split(Find(outputs, RecordTensorNames.Error, DataType.String, records.Count).Data, records.Count, RecordTensorNames.Error);
        var scored = new ScoredRecord[records.Count];
        var first = 0;
        for (var i = 0; i < scored.Length; i++)
        {
            var count = RowsOf(records[i]) * labels;
            if (errors[i].IsEmpty)
            {
                scored[i] = new ScoredRecord(records[i], new Prediction(probabilities.Slice(first, count).ToArray(), count / labels, truncated[i] != 0) { Logits = logits.IsEmpty ? null : logits.Slice(first, count).ToArray() }, null);
            }
            else
            {
                scored[i] = new ScoredRecord(records[i], null, ErrorOf(records[i], Encoding.UTF8.GetString(errors[i].Span)));
            }

            first += count;
        }

        return scored;
    }

    private static Tensor Write(ServedPredictions served, string name)
    {
        var records = served.Records;
        return name switch
        {
            RecordTensorNames.Probabilities => Rows(served, name, i => records[i].Prediction?.Probabilities),
            RecordTensorNames.Logits => Rows(served, name, i => records[i].Prediction?.Logits),
            RecordTensorNames.Truncated => new Tensor(name, DataType.Bool, [records.Count], records.Select(record => (byte)(record.Prediction?.Truncated == true ? 1 : 0)).ToArray()),
            RecordTensorNames.Error => new Tensor(
                name,
                DataType.String,
                [records.Count],
                BytesTensor.Join([.. records.Select(record => (ReadOnlyMemory<byte>)(record.Error is { } error ? Encoding.UTF8.GetBytes($"{error.Code}: {error.Message}") : []))])),
            _ => throw new ProblemException("tensor-unfit", $"There is no output '{name}' beside texts, words and images; ask for probabilities, logits, truncated or error."),
        };
    }

    private static Tensor Rows(ServedPredictions served, string name, Func<int, float[]?> valuesOf)
    {
        var labels = served.Card.Labels.Count;
        var rows = served.Records.Sum(record => record.Prediction?.Rows ?? RowsOf(record.Record));
        var values = new float[rows * labels];
        var first = 0;
        for (var i = 0; i < served.Records.Count; i++)
        {
            var own = valuesOf(i);
            var count = (served.Records[i].Prediction?.Rows ?? RowsOf(served.Records[i].Record)) * labels;
            if (own is null)
            {
                values.AsSpan(first, count).Clear();
            }
            else
            {
                own.CopyTo(values, first);
            }

            first += count;
        }

        return new Tensor(name, DataType.Float, [rows, labels], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    private static int RowsOf(DatasetRecord record) => record is WordsRecord words ? words.Words.Count : 1;

    private static RecordError ErrorOf(DatasetRecord record, string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? new RecordError(record.Position, "record-unscored", text) : new RecordError(record.Position, text[..colon], text[(colon + 2)..]);
    }

    private static Tensor Find(IReadOnlyList<Tensor> outputs, string name, DataType type, params ReadOnlySpan<long> shape)
    {
        var found = outputs.FirstOrDefault(output => output.Name == name)
            ?? throw new ProblemException("tensor-invalid", $"The answer has no output '{name}'.");
        return found.Type == type && found.Shape.ToArray().AsSpan().SequenceEqual(shape)
            ? found
            : throw new ProblemException("tensor-invalid", $"The answer has '{name}' as {Datatypes.NameOf(found.Type)} [{string.Join(", ", found.Shape)}]; {Datatypes.NameOf(type)} [{string.Join(", ", shape.ToArray())}] is needed.");
    }
}
