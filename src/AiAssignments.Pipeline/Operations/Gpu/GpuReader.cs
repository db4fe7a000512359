using System.Runtime.InteropServices;
using System.Text;

namespace AiAssignments.Pipeline.Operations.Gpu;

/// <summary>Reads NVIDIA GPUs through the driver's own library (NVML), where that is on the machine. No process is started.</summary>
internal sealed class GpuReader
{
    private const int Success = 0;
    private const int NameLength = 96;
    private const int CoreTemperature = 0;
    private readonly IntPtr library;
    private readonly IntPtr[] devices;

    private GpuReader(IntPtr library, IntPtr[] devices)
    {
        this.library = library;
        this.devices = devices;
    }

    private delegate int Init();

    private delegate int GetCount(out uint count);

    private delegate int GetHandle(uint index, out IntPtr device);

    private delegate int GetName(IntPtr device, byte[] name, uint length);

    private delegate int GetMemory(IntPtr device, out MemoryInfo memory);

    private delegate int GetUtilization(IntPtr device, out Utilization utilization);

    private delegate int GetTemperature(IntPtr device, int sensor, out uint degrees);

    private delegate int GetPower(IntPtr device, out uint milliwatts);

    /// <summary>Looks for the library and its devices; <c>null</c> when there is none.</summary>
    public static GpuReader? TryOpen()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", out var library))
        {
            return null;
        }

        // The library stays loaded: the driver has threads in it.
        if (Find<Init>(library, "nvmlInit_v2")?.Invoke() != Success
            || Find<GetCount>(library, "nvmlDeviceGetCount_v2") is not { } getCount
            || getCount(out var count) != Success
            || Find<GetHandle>(library, "nvmlDeviceGetHandleByIndex_v2") is not { } getHandle)
        {
            return null;
        }

        var devices = new List<IntPtr>();
        for (uint index = 0; index < count; index++)
        {
            if (getHandle(index, out var device) == Success)
            {
                devices.Add(device);
            }
        }

        return devices.Count == 0 ? null : new GpuReader(library, [.. devices]);
    }

    public IReadOnlyList<GpuFigures> Read() => [.. devices.Select(Read)];

    private static T? Find<T>(IntPtr library, string name)
        where T : Delegate =>
        NativeLibrary.TryGetExport(library, name, out var address) ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;

    private GpuFigures Read(IntPtr device)
    {
        var name = new byte[NameLength];
        var named = Find<GetName>(library, "nvmlDeviceGetName")?.Invoke(device, name, NameLength) == Success;
        var memory = default(MemoryInfo);
        var hasMemory = Find<GetMemory>(library, "nvmlDeviceGetMemoryInfo")?.Invoke(device, out memory) == Success;
        var utilization = default(Utilization);
        var hasUtilization = Find<GetUtilization>(library, "nvmlDeviceGetUtilizationRates")?.Invoke(device, out utilization) == Success;
        uint degrees = 0, milliwatts = 0;
        var hasTemperature = Find<GetTemperature>(library, "nvmlDeviceGetTemperature")?.Invoke(device, CoreTemperature, out degrees) == Success;
        var hasPower = Find<GetPower>(library, "nvmlDeviceGetPowerUsage")?.Invoke(device, out milliwatts) == Success;
        return new GpuFigures(
            named ? Encoding.UTF8.GetString(name, 0, Math.Max(0, Array.IndexOf(name, (byte)0))) : "GPU",
            hasUtilization ? utilization.Gpu : null,
            hasMemory ? (long)memory.Used : null,
            hasMemory ? (long)memory.Total : null,
            hasTemperature ? degrees : null,
            hasPower ? milliwatts / 1000.0 : null);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryInfo
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Utilization
    {
        public uint Gpu;
        public uint Memory;
    }
}
