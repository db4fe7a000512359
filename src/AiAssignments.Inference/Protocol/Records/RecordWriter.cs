using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Records;

/// <summary>Makes the tensors in <see cref="RecordTensorNames"/> of records: what a client does before it asks.</summary>
internal static class RecordWriter
{
    /// <exception cref="ProblemException"><c>record-task-mismatch</c>: the records are of several kinds.</exception>
    public static IReadOnlyList<Tensor> Write(IReadOnlyList<DatasetRecord> records) => records[0] switch
    {
        TextRecord => Texts(OfOneKind<TextRecord>(records)),
        WordsRecord => Sentences(OfOneKind<WordsRecord>(records)),
        _ => Images(OfOneKind<ImageRecord>(records)),
    };

    private static List<Tensor> Texts(List<TextRecord> records)
    {
        var tensors = new List<Tensor> { Strings(RecordTensorNames.Text, records.Select(record => record.Text)) };
        if (records.Any(record => record.Pair is not null))
        {
            tensors.Add(Strings(RecordTensorNames.Pair, records.Select(record => record.Pair ?? string.Empty)));
            tensors.Add(new Tensor(RecordTensorNames.Paired, DataType.Bool, [records.Count], records.Select(record => (byte)(record.Pair is null ? 0 : 1)).ToArray()));
        }

        return tensors;
    }

    private static List<Tensor> Sentences(List<WordsRecord> records) =>
    [
        Strings(RecordTensorNames.Words, records.SelectMany(record => record.Words)),
        new Tensor(
            RecordTensorNames.Lengths,
            DataType.Int64,
            [records.Count],
            MemoryMarshal.AsBytes<long>(records.Select(record => (long)record.Words.Count).ToArray()).ToArray()),
    ];

    private static List<Tensor> Images(List<ImageRecord> records)
    {
        var tensors = new List<Tensor>
        {
            new(RecordTensorNames.Image, DataType.String, [records.Count], BytesTensor.Join([.. records.Select(record => record.Content)])),
        };
        if (records.Any(record => record.Raw is not null))
        {
            var shapes = new byte[records.Count * 16];
            for (var i = 0; i < records.Count; i++)
            {
                if (records[i].Raw is { } raw)
                {
                    var shape = shapes.AsSpan(i * 16);
                    BinaryPrimitives.WriteInt32LittleEndian(shape, raw.Width);
                    BinaryPrimitives.WriteInt32LittleEndian(shape[4..], raw.Height);
                    BinaryPrimitives.WriteInt32LittleEndian(shape[8..], raw.Channels);
                    BinaryPrimitives.WriteInt32LittleEndian(shape[12..], raw.ChannelMajor ? 1 : 0);
                }
            }

            tensors.Add(new Tensor(RecordTensorNames.RawShape, DataType.Int32, [records.Count, 4], shapes));
        }

        return tensors;
    }

    private static Tensor Strings(string name, IEnumerable<string> texts)
    {
        var encoded = texts.Select(text => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text)).ToList();
        return new Tensor(name, DataType.String, [encoded.Count], BytesTensor.Join(encoded));
    }

    private static List<T> OfOneKind<T>(IReadOnlyList<DatasetRecord> records)
        where T : DatasetRecord
    {
        var kind = records.OfType<T>().ToList();
        return kind.Count == records.Count
            ? kind
            : throw new ProblemException("record-task-mismatch", "The records of one request are of several kinds; texts, sentences and images go separately.");
    }
}
