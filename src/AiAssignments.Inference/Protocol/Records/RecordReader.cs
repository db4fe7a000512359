using System.Buffers.Binary;
using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Inference.Protocol.Records;

/// <summary>Makes records of the tensors in <see cref="RecordTensorNames"/>.</summary>
internal static class RecordReader
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ProblemException"><c>tensor-unfit</c>: the tensors do not go together; <c>tensor-invalid</c>.</exception>
    public static IReadOnlyList<DatasetRecord> Read(InferRequest request)
    {
        var inputs = request.Inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
        var records = inputs.Remove(RecordTensorNames.Text, out var text) ? Texts(text, inputs)
            : inputs.Remove(RecordTensorNames.Words, out var words) ? Sentences(words, inputs)
            : inputs.Remove(RecordTensorNames.Image, out var image) ? Images(image, inputs)
            : throw new ProblemException("tensor-unfit", $"The input '{request.Inputs.First(input => input.Type == DataType.String).Name}' is BYTES, which no graph here takes; the BYTES inputs are text (with pair), words (with lengths) and image.");
        return inputs.Count == 0
            ? records
            : throw new ProblemException("tensor-unfit", $"The input '{inputs.Keys.First()}' does not go with the BYTES input of this request; text takes pair, words takes lengths, image takes raw_shape.");
    }

    private static DatasetRecord[] Texts(Tensor text, Dictionary<string, Tensor> others)
    {
        var texts = Strings(text);
        var pairs = others.Remove(RecordTensorNames.Pair, out var pair) ? Strings(pair, texts.Count) : null;
        var paired = others.Remove(RecordTensorNames.Paired, out var flags) ? Column(flags, DataType.Bool, [texts.Count]).Data : default;
        var records = new DatasetRecord[texts.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var second = pairs is not null && (paired.IsEmpty || paired.Span[i] != 0) ? Decode(pairs[i], pair!.Name, i) : null;
            records[i] = new TextRecord(new(i, 0), Decode(texts[i], text.Name, i), second, null, []);
        }

        return records;
    }

    private static DatasetRecord[] Sentences(Tensor words, Dictionary<string, Tensor> others)
    {
        var all = Strings(words);
        var lengths = others.Remove(RecordTensorNames.Lengths, out var given) ? Lengths(given, all.Count) : [all.Count];
        var records = new DatasetRecord[lengths.Length];
        var next = 0;
        for (var i = 0; i < records.Length; i++)
        {
            var sentence = new string[lengths[i]];
            for (var word = 0; word < sentence.Length; word++, next++)
            {
                sentence[word] = Decode(all[next], words.Name, next);
            }

            records[i] = new WordsRecord(new(i, 0), sentence, null, []);
        }

        return records;
    }

    private static DatasetRecord[] Images(Tensor image, Dictionary<string, Tensor> others)
    {
        var files = Strings(image);
        var shapes = others.Remove(RecordTensorNames.RawShape, out var given) ? Column(given, DataType.Int32, [files.Count, 4]).Data : default;
        var records = new DatasetRecord[files.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = new ImageRecord(new(i, 0), files[i], shapes.IsEmpty ? null : Raw(shapes.Span.Slice(i * 16, 16)), null, []);
        }

        return records;
    }

    private static RawImage? Raw(ReadOnlySpan<byte> shape)
    {
        var width = BinaryPrimitives.ReadInt32LittleEndian(shape);
        return width == 0 ? null : new RawImage(
            width,
            BinaryPrimitives.ReadInt32LittleEndian(shape[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(shape[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(shape[12..]) != 0);
    }

    private static int[] Lengths(Tensor tensor, int words)
    {
        if (tensor.Type != DataType.Int64 || tensor.Shape.Count != 1)
        {
            throw new ProblemException("tensor-unfit", $"The input '{tensor.Name}' must be INT64 with one dimension.");
        }

        if (tensor.Shape[0] > ProtocolLimits.Default.Strings)
        {
            // Sentences without words cost nothing to send.
            throw new ProblemException("tensor-unfit", $"The input '{tensor.Name}' has {tensor.Shape[0]} sentences; at most {ProtocolLimits.Default.Strings} are taken.", tensor.Name);
        }

        var lengths = new int[tensor.Shape[0]];
        var left = words;
        for (var i = 0; i < lengths.Length; i++)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(tensor.Data.Span[(i * 8)..]);
            if (length < 0 || length > left)
            {
                throw new ProblemException("tensor-unfit", $"The sentence {i} has {length} words, and {left} of the {words} are left.", tensor.Name);
            }

            lengths[i] = (int)length;
            left -= lengths[i];
        }

        return left == 0 && lengths.Length > 0
            ? lengths
            : throw new ProblemException("tensor-unfit", $"The lengths add up to {words - left} words; there are {words}.", tensor.Name);
    }

    private static Tensor Column(Tensor tensor, DataType type, long[] shape) => tensor.Type == type && tensor.Shape.SequenceEqual(shape)
        ? tensor
        : throw new ProblemException("tensor-unfit", $"The input '{tensor.Name}' must be {Datatypes.NameOf(type)} [{string.Join(", ", shape)}].");

    // [n] or, as clients of batching servers send it, [n, 1].
    private static IReadOnlyList<ReadOnlyMemory<byte>> Strings(Tensor tensor, int? count = null)
    {
        var fits = tensor.Type == DataType.String && (tensor.Shape.Count == 1 || (tensor.Shape.Count == 2 && tensor.Shape[1] == 1));
        if (!fits || (count is { } needed && tensor.Shape[0] != needed))
        {
            throw new ProblemException("tensor-unfit", $"The input '{tensor.Name}' must be BYTES [{(count is { } n ? n : "n")}].");
        }

        return tensor.Shape[0] > 0
            ? BytesTensor.Split(tensor.Data, tensor.Shape[0], tensor.Name)
            : throw new ProblemException("tensor-unfit", $"The input '{tensor.Name}' has no elements; one or more are needed.");
    }

    private static string Decode(ReadOnlyMemory<byte> bytes, string name, int index)
    {
        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException("tensor-invalid", $"Element {index} of '{name}' is no valid UTF-8.", name);
        }
    }
}
