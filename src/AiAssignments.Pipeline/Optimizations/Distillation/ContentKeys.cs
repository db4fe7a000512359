using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Optimization.Distillation;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>What answers and checkpoints are kept under: hashes over the very inputs, so that a dataset read in another way is another one.</summary>
internal static class ContentKeys
{
    /// <summary>Over what a teacher sees of records: texts, words, images; not labels.</summary>
    public static string OfInputs(IReadOnlyList<DatasetRecord> records)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var record in records)
        {
            Append(hash, record);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What makes a record's input what it is, for telling two apart: 128 bits of SHA-256 over what a model sees of it.</summary>
    public static UInt128 OfInput(DatasetRecord record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, record);
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    /// <summary>For each record the first one of the same input.</summary>
    public static int[] FirstOfEach(IReadOnlyList<DatasetRecord> records)
    {
        var keys = new UInt128[records.Count];
        Parallel.For(0, keys.Length, i => keys[i] = OfInput(records[i]));
        var first = new Dictionary<UInt128, int>(keys.Length);
        return [.. keys.Select((key, i) => first.TryAdd(key, i) ? i : first[key])];
    }

    /// <summary>Over labels and everything in the options that changes the weights.</summary>
    public static string OfTraining(RecordLabels labels, DistillationOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < labels.Indices.Length; i++)
        {
            Append(hash, labels.Unknown[i] ? -2 : labels.Indices[i]?.Length ?? -1);
            hash.AppendData(MemoryMarshal.AsBytes(labels.Indices[i].AsSpan()));
        }

        // The list of seeds chooses among networks; a seed's own checkpoint has its name.
        var deciding = options with { Threads = 1, CheckpointSteps = null, Seeds = [1], Name = null, GateDatasetHash = null };
        Append(hash, JsonSerializer.Serialize(deciding));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, DatasetRecord record)
    {
        switch (record)
        {
            case TextRecord text:
                Append(hash, text.Text);
                Append(hash, text.Pair);
                break;
            case WordsRecord sentence:
                Append(hash, sentence.Words.Count);
                foreach (var word in sentence.Words)
                {
                    Append(hash, word);
                }

                break;
            case ImageRecord image:
                Append(hash, image.Raw?.ToString());
                Append(hash, image.Content.Length);
                hash.AppendData(image.Content.Span);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(record));
        }
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        Append(hash, text?.Length ?? -1);
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static void Append(IncrementalHash hash, int number) => hash.AppendData(MemoryMarshal.AsBytes([number]));
}
