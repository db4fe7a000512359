using System.Buffers.Binary;
using AiAssignments.Core.Errors;

namespace AiAssignments.Inference.Protocol.Wire;

/// <summary>Elements of a <c>BYTES</c> tensor as they travel: each is its length (4 bytes, little-endian), then its bytes.</summary>
public static class BytesTensor
{
    /// <summary>Takes the elements apart, without copying them.</summary>
    /// <param name="data">The tensor's data.</param>
    /// <param name="elements">Elements that its shape promises; 0 or more.</param>
    /// <param name="where">Named in the problem.</param>
    /// <exception cref="ProblemException"><c>tensor-invalid</c>: an element goes past the end, or bytes are left over.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> data, long elements, string where)
    {
        if (elements > data.Length / 4)
        {
            throw new ProblemException("tensor-invalid", $"{data.Length} bytes cannot hold {elements} BYTES elements, which take 4 bytes or more each.", where);
        }

        var found = new ReadOnlyMemory<byte>[elements];
        var offset = 0;
        for (var i = 0; i < found.Length; i++)
        {
            if (data.Length - offset < 4)
            {
                throw new ProblemException("tensor-invalid", $"The data ends at byte {data.Length}, before the length of element {i} of {elements}.", where);
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(data.Span[offset..]);
            offset += 4;
            if (length > data.Length - offset)
            {
                throw new ProblemException("tensor-invalid", $"Element {i} says {length} bytes at byte {offset - 4}, and {data.Length - offset} are left.", where);
            }

            found[i] = data.Slice(offset, (int)length);
            offset += (int)length;
        }

        return offset == data.Length
            ? found
            : throw new ProblemException("tensor-invalid", $"{data.Length - offset} bytes are left over after the {elements} elements of the shape.", where);
    }

    /// <summary>Puts elements together.</summary>
    /// <param name="elements">The elements.</param>
    public static byte[] Join(IReadOnlyList<ReadOnlyMemory<byte>> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var joined = new byte[elements.Sum(element => 4L + element.Length)];
        var offset = 0;
        foreach (var element in elements)
        {
            BinaryPrimitives.WriteInt32LittleEndian(joined.AsSpan(offset), element.Length);
            element.Span.CopyTo(joined.AsSpan(offset + 4));
            offset += 4 + element.Length;
        }

        return joined;
    }
}
