namespace AiAssignments.Inference.Runtime;

/// <summary>The C library's heap, from which ONNX Runtime takes its memory.</summary>
internal static class NativeHeap
{
    /// <summary>Has free pages given back to the system; does nothing where the C library is not glibc.</summary>
    public static void Trim()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Libc.Trim(0);
        }
        catch (Exception other) when (other is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library: freed memory comes back as it sees fit.
        }
    }
}
