public static class Nets
{
    public static nn.Module<Tensor, Tensor> Create(int hidden, int depth)
    {
        var modules = new List<(string, nn.Module<Tensor, Tensor>)>();
        modules.Add(("flatten", nn.Flatten()));
        var width = 784;
        for (var i = 0; i < 2; i++)
        {
            modules.Add(($"linear{i}", nn.Linear(width, 256)));
            modules.Add(($"relu{i}", nn.ReLU()));
            width = 256;
        }

        for (var i = 0; i < depth; i++)
        {
            modules.Add(($"deep{i}", nn.Linear(hidden, hidden)));
        }

        modules.Add(("logits", nn.Linear(width, 10)));
        return nn.Sequential(modules);
    }
}
