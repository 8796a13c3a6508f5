using SourceNet.Analyzers.Authoring;

namespace SourceNet.Analyzers.Tests.Authoring;

public class TensorAsWeightTests
{
    [Theory]
    [InlineData("Tensor weight = {|SN5014:torch.ones(3, requires_grad: true)|};", "")]
    [InlineData("Tensor weight;", "weight = {|SN5014:torch.ones(3).requires_grad_()|};")]
    public Task A_tensor_that_asks_for_a_gradient_is_reported(string field, string constructor) => Code<TensorAsWeight>.Reports(
        Net(field, constructor),
        "'weight' asks for a gradient but is a Tensor: it is registered as a buffer, parameters() leaves it out and no optimizer trains it. Make it a "
            + "Parameter.");

    [Theory]
    [InlineData("Parameter weight = new(torch.ones(3));", "")]
    [InlineData("Tensor weight = torch.ones(3);", "")]
    [InlineData("Tensor weight = torch.ones(3, requires_grad: false);", "")]
    [InlineData("Tensor weight;", "weight = torch.ones(3).requires_grad_(false);")]
    public Task A_parameter_or_a_buffer_is_silent(string field, string constructor) => Code<TensorAsWeight>.IsSilent(Net(field, constructor));

    [Fact]
    public Task A_tensor_outside_of_a_module_is_silent() =>
        Code<TensorAsWeight>.IsSilent("class Fit { Tensor _slope = torch.ones(1, requires_grad: true); public Tensor Slope => _slope; }");

    private static string Net(string field, string constructor) =>
        $"class Net : nn.Module<Tensor, Tensor> {{ {field} public Net() : base(\"Net\") {{ {constructor} }} public override Tensor forward(Tensor x) => x * "
            + $"weight; }}";
}
