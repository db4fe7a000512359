using AiAssignments.Inference.Runtime;

namespace AiAssignments.Tests.InferenceTests.Runtime;

public sealed class ProcessTuningTests
{
    [Theory]
    [InlineData("always [madvise] never", null, null, nameof(HugePageState.Possible))]
    [InlineData("always [madvise] never", null, "OFF", nameof(HugePageState.OptedOut))]
    [InlineData("always [madvise] never", "glibc.malloc.hugetlb=1", null, nameof(HugePageState.On))]
    [InlineData("always [madvise] never", "glibc.malloc.check=3:glibc.malloc.hugetlb=1", "off", nameof(HugePageState.On))]
    [InlineData("always [madvise] never", "glibc.malloc.hugetlb=0", null, nameof(HugePageState.OptedOut))]
    [InlineData("always [madvise] never", "glibc.malloc.check=3", null, nameof(HugePageState.Possible))]
    [InlineData("[always] madvise never", null, null, nameof(HugePageState.Always))]
    [InlineData("always madvise [never]", null, null, nameof(HugePageState.KernelRefuses))]
    public void Decides_by_kernel_and_environment(string kernel, string? tunables, string? optOut, string state) =>
        Assert.Equal(state, ProcessTuning.Decide(kernel, tunables, optOut).ToString());

    [Fact]
    public void Physical_cores_are_counted_across_sockets() => Assert.Equal(
        3,
        Cores.CountPhysical(["physical id\t: 0", "core id\t\t: 0", "physical id\t: 0", "core id\t\t: 0", "physical id\t: 0", "core id\t\t: 1", "physical id\t: 1", "core id\t\t: 0"]));

    [Fact]
    public void The_machine_is_described()
    {
        var machine = MachineProbe.Read();

        Assert.InRange(machine.Cores, 1, 4096);
        Assert.True(machine.MemoryBytes > 64 << 20);
        Assert.StartsWith("1.", machine.OnnxRuntime, StringComparison.Ordinal);
        Assert.All([machine.Processor, machine.InstructionSets, machine.OperatingSystem, machine.Runtime, machine.HugePages], text => Assert.NotEmpty(text));
    }
}
