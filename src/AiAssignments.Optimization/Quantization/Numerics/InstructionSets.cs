using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AiAssignments.Optimization.Quantization.Numerics;

/// <summary>
/// Instruction sets of this processor that integer products run on. Without VNNI, x86 adds pairs of 8-bit products in 16 bits, which saturate when both factors
/// use their whole range (Intel, Software Developer's Manual, PMADDUBSW); weights of 7 bits cannot reach that limit.
/// </summary>
public sealed record InstructionSets
{
    private const int Avx512VnniBit = 11;
    private const int AvxVnniBit = 4;
    private const int AmxInt8Bit = 25;

    /// <summary>This machine's.</summary>
    public static InstructionSets Here { get; } = Probe();

    /// <summary>Names found, for example <c>avx2</c>, <c>avx512f</c>, <c>avx512-vnni</c>, <c>avx-vnni</c>, <c>amx-int8</c>, <c>dotprod</c>.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Whether products of 8-bit numbers are summed without saturating on the way.</summary>
    public required bool SumsExactly { get; init; }

    /// <inheritdoc />
    public override string ToString() => Names.Count == 0 ? "none known" : string.Join(", ", Names);

    private static InstructionSets Probe()
    {
        var names = new List<string>();
        if (!X86Base.IsSupported)
        {
            if (Dp.IsSupported)
            {
                names.Add("dotprod");
            }

            return new() { Names = names, SumsExactly = true };
        }

        var most = X86Base.CpuId(0, 0).Eax;
        var (_, _, ecx, edx) = most >= 7 ? X86Base.CpuId(7, 0) : default;
        var more = most >= 7 && X86Base.CpuId(7, 0).Eax >= 1 ? X86Base.CpuId(7, 1).Eax : 0;
        var isVnni512 = Avx512F.IsSupported && Has(ecx, Avx512VnniBit);
        var isVnni = Avx2.IsSupported && Has(more, AvxVnniBit);
        (string Name, bool IsFound)[] sets =
        [
            ("sse4.1", Sse41.IsSupported), ("avx2", Avx2.IsSupported), ("fma", Fma.IsSupported), ("avx512f", Avx512F.IsSupported),
            ("avx512-vnni", isVnni512), ("avx-vnni", isVnni), ("amx-int8", isVnni512 && Has(edx, AmxInt8Bit)),
        ];
        names.AddRange(sets.Where(set => set.IsFound).Select(set => set.Name));
        return new() { Names = names, SumsExactly = isVnni512 || isVnni };
    }

    private static bool Has(int register, int bit) => (register >> bit & 1) == 1;
}
