#pragma once

#include <memory>
#include <string>
#include <vector>

#include "turnover/io/yaml_node.hpp"

namespace turnover {

/// What a YamlNode looks at. Lines and columns count from 1; `keys` runs parallel to `values` in a
/// map and is empty in a list. Keys that stand twice are both kept, for the reader to complain
/// about.
struct YamlNode::Data {
    struct Key {
        std::string text;
        int line = 0;
        int column = 0;
    };
    Kind kind = Kind::nothing;
    int line = 0;
    int column = 0;
    std::string text;
    std::vector<Key> keys;
    std::vector<std::shared_ptr<const Data>> values;
};

}  // namespace turnover
