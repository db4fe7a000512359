using System.Collections;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Images;
using AiAssignments.Optimization.Distillation.Students;

namespace AiAssignments.Pipeline.Optimizations.Distillation;

/// <summary>
/// Images and their copies as a student's network takes them: one small 8-bit image a record is kept, copies are made when they are asked for. The teacher gets
/// the same copies at its own size.
/// </summary>
internal sealed class ImageInputs : IReadOnlyList<float[]>
{
    private readonly IReadOnlyList<DatasetRecord> records;
    private readonly ImagePreprocessing spec;
    private readonly ImagePreprocessing teacher;
    private readonly ImageCopies copies;
    private readonly int copiesEach;
    private readonly byte[]?[] samples;
    private readonly float[] table;

    public ImageInputs(
        IReadOnlyList<DatasetRecord> records, IReadOnlyList<bool> leftOut, ImagePreprocessing spec, ImagePreprocessing teacher, ImageCopies copies, int copiesEach)
    {
        (this.records, this.spec, this.copies, this.copiesEach) = (records, spec, copies, copiesEach);
        this.teacher = Canvas(teacher);
        samples = new byte[]?[records.Count];
        var tensorizer = new ImageTensorizer(Samples(spec));
        Parallel.For(0, records.Count, i => samples[i] = leftOut[i] ? null : Decode(tensorizer, (ImageRecord)records[i]));
        table = new float[spec.Channels * 256];
        for (var i = 0; i < table.Length; i++)
        {
            // As the tensorizer computes them, so that training sees what scoring will give.
            table[i] = (float)((((i % 256) * spec.Scale) - spec.Mean[i / 256]) / spec.Std[i / 256]);
        }
    }

    /// <summary>Whether a record's image could be decoded and its label is known.</summary>
    public IReadOnlyList<bool> Usable => [.. samples.Select(image => image is not null)];

    public int Count => records.Count * copiesEach;

    public float[] this[int index]
    {
        get
        {
            var image = samples[index / copiesEach]!;
            Span<byte> copy = image.Length <= 4096 ? stackalloc byte[image.Length] : new byte[image.Length];
            copies.Write(image, spec.Width, spec.Height, index / copiesEach, index % copiesEach, copy);
            var input = new float[image.Length];
            var plane = spec.Width * spec.Height;
            for (var channel = 0; channel < spec.Channels; channel++)
            {
                var values = table.AsSpan(channel * 256, 256);
                var from = copy.Slice(channel * plane, plane);
                var to = input.AsSpan(channel * plane, plane);
                for (var i = 0; i < plane; i++)
                {
                    to[i] = values[from[i]];
                }
            }

            return input;
        }
    }

    public IEnumerator<float[]> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The records of a range of examples: the record itself, then its copies as raw samples.</summary>
    public IReadOnlyList<DatasetRecord> TeacherRecords(int first, int count)
    {
        var result = new DatasetRecord[count];
        var tensorizer = new ImageTensorizer(Samples(teacher));
        var raw = new RawImage(teacher.Width, teacher.Height, teacher.Channels, ChannelMajor: true);
        byte[]? decoded = null;
        var decodedRecord = -1;
        for (var i = 0; i < count; i++)
        {
            var (record, copy) = ((first + i) / copiesEach, (first + i) % copiesEach);
            var original = (ImageRecord)records[record];
            result[i] = original;
            if (copy == 0)
            {
                continue;
            }

            if (decodedRecord != record)
            {
                (decoded, decodedRecord) = (Decode(tensorizer, original), record);
            }

            // What cannot be decoded is given as it is; the teacher will say so.
            if (decoded is not null)
            {
                var content = new byte[decoded.Length];
                copies.Write(decoded, teacher.Width, teacher.Height, record, copy, content);
                result[i] = original with { Content = content, Raw = raw };
            }
        }

        return result;
    }

    private static byte[]? Decode(ImageTensorizer tensorizer, ImageRecord record)
    {
        var values = new float[tensorizer.Length];
        return tensorizer.Fill(record, values) is null ? Array.ConvertAll(values, value => (byte)value) : null;
    }

    // Resizing gives bytes, which the tensorizer then only normalizes: without that they come out whole.
    private static ImagePreprocessing Samples(ImagePreprocessing spec) => spec with
    {
        Layout = "NCHW",
        ChannelOrder = "RGB",
        Scale = 1,
        Mean = [.. new double[spec.Channels]],
        Std = [.. Enumerable.Repeat(1.0, spec.Channels)],
    };

    // What the teacher's preprocessing leaves as it is but for its centre crop.
    private static ImagePreprocessing Canvas(ImagePreprocessing spec)
    {
        var edge = spec.ShortestEdge ?? Math.Max(spec.Width, spec.Height);
        return spec.Resize == "stretch" ? spec : spec with { Width = edge, Height = edge, ShortestEdge = edge };
    }
}
